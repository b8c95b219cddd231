// autobahn as a meter in WAMP: node wamp.js URL AUTHORIZATION json|cbor METER
// stdin: "publish TOPIC HEX", "call PROCEDURE HEX", "subscribe TOPIC", "register PROCEDURE",
// "yield HEX", "leave"; stdout: what comes of each, a line each
const ws = require('ws');
const [url, authorization, form] = process.argv.slice(2);
// autobahn takes the platform's WebSocket, which cannot show a key
globalThis.WebSocket = class extends ws {
  constructor(where, protocols) {
    super(where, protocols, { headers: { Authorization: authorization } });
  }
};
const autobahn = require('autobahn');
const serializer =
  form === 'json'
    ? new autobahn.serializer.JSONSerializer()
    : new autobahn.serializer.CBORSerializer();
const bytes = (hex) =>
  form === 'json' ? '\0' + Buffer.from(hex, 'hex').toString('base64') : Buffer.from(hex, 'hex');
const hex = (said) =>
  (typeof said === 'string' ? Buffer.from(said.substring(1), 'base64') : Buffer.from(said)).toString(
    'hex',
  );
const connection = new autobahn.Connection({
  transports: [{ type: 'websocket', url, serializers: [serializer] }],
  realm: 'gridwarden',
  max_retries: 0,
});
let answer = () => {};
connection.onopen = (session) => {
  console.log('open ' + session.details?.authid);
  const tell = (word) => [
    (result) => console.log(word + ' ok ' + JSON.stringify(result?.args ?? result ?? null)),
    (error) => console.log(word + ' error ' + (error.error ?? error)),
  ];
  require('readline')
    .createInterface({ input: process.stdin })
    .on('line', (line) => {
      const [word, name, argument] = line.split(' ');
      if (word === 'publish') {
        session.publish(name, [bytes(argument)], {}, { acknowledge: true }).then(
          () => console.log('publish ok'),
          tell('publish')[1],
        );
      }
      if (word === 'call') session.call(name, argument ? [bytes(argument)] : []).then(...tell('call'));
      if (word === 'subscribe') {
        session
          .subscribe(name, (args) => console.log('event ' + hex(args[0])))
          .then(() => console.log('subscribe ok'), tell('subscribe')[1]);
      }
      if (word === 'register') {
        session
          .register(name, (args) => {
            console.log('invoked ' + hex(args[0]));
            return new Promise((resolve) => (answer = resolve));
          })
          .then(() => console.log('register ok'), tell('register')[1]);
      }
      if (word === 'yield') answer(bytes(name));
      if (word === 'leave') connection.close();
    });
};
connection.onclose = (reason, details) => {
  console.log('closed ' + reason + ' ' + (details?.reason ?? ''));
  process.exit(0);
};
connection.open();
