// Asks a CoAP endpoint once, with npm's coap: node client.js PORT METHOD PATH [FILE] [con|non] [SZX]
// Prints the code, and the payload in hexadecimal. An Echo (RFC 9175) that is asked for is sent back.
'use strict';
const coap = require('coap');
const dgram = require('dgram');
const fs = require('fs');

const [port, method, pathname, file, type, szx] = process.argv.slice(2);
let own = 0;

function ask(echo) {
  const options = {};
  if (file && file !== '-') options['Content-Format'] = Buffer.from([16]);
  if (szx && method === 'POST') options['Block1'] = Buffer.from([Number(szx)]);
  // an agent closes its socket once it is answered; the Echo is good for this address alone
  const socket = dgram.createSocket('udp4');
  socket.bind(own, '127.0.0.1', () => {
    own = socket.address().port;
    send(echo, options, socket);
  });
}

function send(echo, options, socket) {
  const request = coap.request({
    host: '127.0.0.1', port: Number(port), method, pathname, confirmable: type !== 'non', options,
    agent: new coap.Agent({ socket }),
  });
  if (szx && method === 'GET') request.setOption('Block2', Buffer.from([Number(szx)]));
  if (echo) request.setOption('252', echo);
  request.on('response', (response) => {
    const asked = response.options.find((o) => String(o.name) === '252');
    if (response.code === '4.01' && asked && !echo) {
      socket.once('close', () => ask(asked.value));
      try {
        socket.close();
      } catch {
        // its agent was quicker
      }
      return;
    }
    console.log(response.code);
    console.log(response.payload.toString('hex'));
    process.exit(0);
  });
  request.on('error', (error) => {
    console.log('error ' + error.message);
    process.exit(1);
  });
  request.end(file && file !== '-' ? fs.readFileSync(file) : undefined);
}

ask();
