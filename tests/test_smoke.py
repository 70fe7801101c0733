def test_a_visitor_is_sent_to_sign_in(client, db):
    assert client.get("/").status_code == 302
