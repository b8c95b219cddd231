// npm's mqtt as a meter: node client.js URL VERSION USER PASSWORD [CA] [WILL_TOPIC WILL_HEX]
// stdin: "publish TOPIC QOS HEX [retain]", "subscribe TOPIC QOS", "end", "cut"
// stdout: "connected", "published ok|REASON", "granted QOS|REASON", "heard TOPIC HEX", "ended [REASON]"
'use strict';
const fs = require('fs');
const mqtt = require('mqtt');

const [url, version, user, password, ca, willTopic, willHex] = process.argv.slice(2);
const options = {
  protocolVersion: Number(version),
  clientId: user,
  username: user,
  password,
  reconnectPeriod: 0,
  clean: true,
};
if (ca && ca !== '-') options.ca = fs.readFileSync(ca);
if (willTopic) {
  options.will = { topic: willTopic, payload: Buffer.from(willHex, 'hex'), qos: 1, retain: false };
}
const client = mqtt.connect(url, options);
let reason = '';
client.on('connect', () => console.log('connected'));
client.on('message', (topic, payload) => console.log(`heard ${topic} ${payload.toString('hex')}`));
client.on('disconnect', (packet) => { reason = packet.reasonCode; });
client.on('error', (error) => { reason = error.code || error.message; });
client.on('close', () => {
  console.log('ended ' + reason);
  process.exit(0);
});
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const [word, topic, qos, hex, retain] = line.split(' ');
  if (word === 'publish') {
    const how = { qos: Number(qos), retain: retain === 'retain' };
    client.publish(topic, Buffer.from(hex, 'hex'), how, (error, packet) => {
      const code = error ? error.code || error.message : packet && packet.reasonCode;
      console.log('published ' + (code || 'ok'));
    });
  }
  if (word === 'subscribe') {
    client.subscribe(topic, { qos: Number(qos) }, (error, granted) =>
      console.log('granted ' + (error ? error.code || error.message : granted[0].qos)));
  }
  if (word === 'end') client.end();
  if (word === 'cut') client.stream.destroy();
});
