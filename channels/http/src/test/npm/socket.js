// ws as a meter at its WebSocket: node socket.js URL AUTHORIZATION
// stdin: "send HEX", "ping", "close"; stdout: "open PROTOCOL", "down HEX", "pong", "closed CODE"
const WebSocket = require('ws');
const [url, authorization] = process.argv.slice(2);
const socket = new WebSocket(url, ['gridwarden.cose.1'], {
  headers: { Authorization: authorization },
});
socket.on('open', () => console.log('open ' + socket.protocol));
socket.on('message', (data) => console.log('down ' + data.toString('hex')));
socket.on('pong', (data) => console.log('pong ' + data));
socket.on('close', (code) => {
  console.log('closed ' + code);
  process.exit(0);
});
socket.on('error', (error) => console.log('error ' + error.message));
require('readline')
  .createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [word, argument] = line.split(' ');
    if (word === 'send') socket.send(Buffer.from(argument, 'hex'));
    if (word === 'ping') socket.ping('here');
    if (word === 'close') socket.close(1000);
  });
