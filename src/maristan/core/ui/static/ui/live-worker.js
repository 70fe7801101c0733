// One stream for all the tabs of a browser: this worker holds it and tells every tab what it hears.
const tabs = new Set();
const topics = new Set();
let source = null;
let last = "";

function tell(message) {
  for (const tab of tabs) tab.postMessage(message);
}

function hear(topic) {
  source.addEventListener(topic, (event) => {
    last = event.lastEventId;
    tell({ topic, fragment: event.data, id: event.lastEventId });
  });
}

function open(url, from) {
  if (source && source.readyState !== EventSource.CLOSED) return;
  const address = new URL(url);
  address.searchParams.set("from", last || from);
  source = new EventSource(address, { withCredentials: true });
  topics.forEach(hear);
}

onconnect = (event) => {
  const tab = event.ports[0];
  tabs.add(tab);
  tab.onmessage = ({ data }) => {
    if (data.leave) {
      tabs.delete(tab);
      if (!tabs.size && source) { source.close(); source = null; }
      return;
    }
    open(data.url, data.from);
    for (const topic of data.topics) if (!topics.has(topic)) { topics.add(topic); hear(topic); }
  };
};
