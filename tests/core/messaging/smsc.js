// An SMSC for the tests: speaks SMPP 3.4, keeps what it took in a file, and does what the test asks on its own port.
const smpp = require("smpp"), http = require("http"), fs = require("fs");
const [, , port, control, journal] = process.argv;
let session = null, next = 1, mood = "take";

smpp.createServer({ }, (s) => {
  s.on("error", () => {});
  s.on("bind_transceiver", (pdu) => {
    const known = pdu.password === "secret";
    s.send(pdu.response({ command_status: known ? 0 : smpp.ESME_RINVPASWD }));
    if (known) session = s;
  });
  s.on("enquire_link", (pdu) => s.send(pdu.response()));
  s.on("unbind", (pdu) => { s.send(pdu.response()); s.close(); });
  s.on("submit_sm", (pdu) => {
    if (mood === "throttle") return s.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
    if (mood === "refuse") return s.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
    const id = `m${process.pid}-${next++}`;
    fs.appendFileSync(journal, JSON.stringify({ id, to: pdu.destination_addr, coding: pdu.data_coding,
      text: pdu.short_message.message, part: !!pdu.short_message.udh }) + "\n");
    if (mood === "vanish") return process.exit(9);   // taken, never answered
    s.send(pdu.response({ message_id: id }));
  });
}).listen(Number(port));

http.createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk)).on("end", () => {
    const ask = JSON.parse(body || "{}");
    if (ask.mood) { mood = ask.mood; return response.end("ok"); }
    if (!session) return response.end("no session");
    const pdu = new smpp.PDU("deliver_sm", ask);
    if (ask.sequence_number) { pdu.sequence_number = ask.sequence_number; }
    session.send(pdu, (answer) => response.end(String(answer.command_status)));
  });
}).listen(Number(control), () => console.log("ready"));
