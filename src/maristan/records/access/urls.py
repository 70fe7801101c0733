from django.urls import path

from maristan.records.access.views import refusals, relations, reviews, seen

app_name = "access"
urlpatterns = [
    path("<uuid:person_id>/", refusals.break_glass, name="break_glass"),
    path("<uuid:person_id>/ask/", relations.ask, name="ask_relation"),
    path("<uuid:person_id>/relations/", relations.relations, name="relations"),
    path("<uuid:person_id>/seen/", seen.seen, name="seen"),
    path("relations/<int:relation_id>/close/", relations.close, name="close_relation"),
    path("requests/", relations.requests, name="requests"),
    path("requests/<int:request_id>/", relations.answer, name="answer_request"),
    path("mine/", reviews.mine, name="mine"),
    path("mine/<uuid:access_id>/end/", refusals.end, name="end"),
    path("mine/<uuid:access_id>/explain/", reviews.explain, name="explain"),
    path("review/", reviews.review, name="review"),
    path("review/figures/", reviews.figures, name="figures"),
    path("review/<uuid:access_id>/", reviews.access, name="access"),
    path("questions/", reviews.questions, name="questions"),
    path("questions/<uuid:question_id>/", reviews.answer, name="answer"),
    path("seen-by/", seen.seen_by, name="seen_by"),
    path("seen-by/<uuid:line_id>/", seen.ask, name="ask"),
]
