// Asks a CoAP endpoint once, with npm's coap: node client.js PORT METHOD PATH [FILE] [con|non] [SZX]
// Prints the code, and the payload in hexadecimal. An Echo (RFC 9175) that is asked for is sent back.
'use strict';
const coap = require('coap');
const fs = require('fs');

const [port, method, pathname, file, type, szx] = process.argv.slice(2);

function ask(echo) {
  const options = {};
  if (file && file !== '-') options['Content-Format'] = Buffer.from([16]);
  if (szx && method === 'POST') options['Block1'] = Buffer.from([8 | Number(szx)]);
  const request = coap.request({
    host: '127.0.0.1', port: Number(port), method, pathname, confirmable: type !== 'non', options,
  });
  if (szx && method === 'GET') request.setOption('Block2', Buffer.from([Number(szx)]));
  if (echo) request.setOption('252', echo);
  request.on('response', (response) => {
    const asked = response.options.find((o) => String(o.name) === '252');
    if (response.code === '4.01' && asked && !echo) {
      ask(asked.value);
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
