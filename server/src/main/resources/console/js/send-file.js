// A file as the body of a POST, as it is; the REST interface's other calls send JSON and text.
import { call } from './api.js';

export const sendFile = (path, query, file) => call('POST', path, { query, text: file, type: file.type || 'application/octet-stream' });
