// SPDX-License-Identifier: GPL-2.0-only

import gurux.dlms.GXByteBuffer;
import gurux.dlms.GXReplyData;
import gurux.dlms.enums.Authentication;
import gurux.dlms.enums.InterfaceType;
import gurux.dlms.enums.Security;
import gurux.dlms.objects.GXDLMSObject;
import gurux.dlms.secure.GXDLMSSecureClient;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A client made of Gurux's library, and its connection to a meter. */
final class GuruxSession implements AutoCloseable {
  // another title for each session: a counter may begin anew
  private static final AtomicInteger SESSIONS = new AtomicInteger((int) System.nanoTime());

  final GXDLMSSecureClient client;
  private final Socket socket;
  private final InputStream in;
  private final boolean hdlc;
  private final byte[] buffer = new byte[8192];
  private final GXByteBuffer received = new GXByteBuffer();

  GuruxSession(Options options) throws Exception {
    client =
        new GXDLMSSecureClient(
            options.logicalNames(), options.client(), 1, options.auth(), null, options.link());
    hdlc = options.link() == InterfaceType.HDLC;
    if (options.has("password")) {
      client.setPassword(options.text("password", ""));
    }
    if (options.has("max-pdu")) {
      client.setMaxReceivePDUSize(options.number("max-pdu", 0xFFFF));
    }
    if (options.has("conformance")) {
      client.setProposedConformance(options.conformance(client.getProposedConformance()));
    }
    if (options.has("gbt")) {
      client.setGbtWindowSize((byte) options.number("gbt", 1));
    }
    client
        .getCiphering()
        .setSystemTitle(options.has("own-title") ? options.bytes("own-title") : title());
    if (options.has("own")) {
      client.getCiphering().setSecuritySuite(options.suite());
      client.getCiphering().setSigningKeyPair(options.signingPair());
    }
    if (options.security() != Security.NONE || options.auth() == Authentication.HIGH_GMAC) {
      client.getCiphering().setSecuritySuite(options.suite());
      client.getCiphering().setSecurity(options.security());
      client.getCiphering().setBlockCipherKey(options.bytes("key"));
      client.getCiphering().setAuthenticationKey(options.bytes("auth-key"));
      client.getCiphering().setInvocationCounter(options.number("counter", 1));
      if (options.has("agree-own")) {
        client.getCiphering().setKeyAgreementKeyPair(options.agreementPair());
        client.getCiphering().setSigning(options.signing());
        client.setServerSystemTitle(options.bytes("title"));
      }
      if (options.has("dedicated")) {
        client.getCiphering().setDedicatedKey(options.bytes("dedicated"));
      }
    }
    socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(10_000);
    socket.connect(
        new InetSocketAddress(options.text("host", "127.0.0.1"), options.number("port", 4059)));
    in = socket.getInputStream();
  }

  private static byte[] title() {
    int number = SESSIONS.incrementAndGet();
    return new byte[] {
      'G',
      'R',
      'X',
      0,
      (byte) (number >> 24),
      (byte) (number >> 16),
      (byte) (number >> 8),
      (byte) number
    };
  }

  void open() throws Exception {
    GXReplyData reply = new GXReplyData();
    if (hdlc) {
      ask(client.snrmRequest(), reply);
      client.parseUAResponse(reply.getData());
    }
    askAll(client.aarqRequest(), reply);
    client.parseAareResponse(reply.getData());
    if (client.getAuthentication().getValue() > Authentication.LOW.getValue()) {
      askAll(client.getApplicationAssociationRequest(), reply);
      client.parseApplicationAssociationResponse(reply.getData());
    }
  }

  Object read(GXDLMSObject object, int attribute) throws Exception {
    GXReplyData reply = new GXReplyData();
    askAll(client.read(object, attribute), reply);
    return client.updateValue(object, attribute, reply.getValue());
  }

  /** Asks, and for the rest where it comes in blocks; a refusal is an IllegalStateException. */
  void askAll(byte[][] requests, GXReplyData reply) throws Exception {
    for (byte[] request : requests) {
      reply.clear();
      ask(request, reply);
    }
    while (reply.isMoreData()) {
      // in a streaming window the meter sends on without being asked
      ask(reply.isStreaming() ? null : client.receiverReady(reply), reply);
    }
    if (reply.getError() != 0) {
      throw new IllegalStateException(reply.getErrorMessage());
    }
  }

  private void ask(byte[] request, GXReplyData reply) throws Exception {
    if (request != null) {
      socket.getOutputStream().write(request);
    }
    // frames that stream come together: what is behind the first one is for the next call
    while (received.available() == 0 || !client.getData(received, reply)) {
      int count = in.read(buffer);
      if (count < 0) {
        throw new IllegalStateException("the meter closed the connection");
      }
      received.set(buffer, 0, count);
    }
    if (received.available() == 0) {
      received.clear();
    }
    if (reply.getError() != 0) {
      throw new IllegalStateException(reply.getErrorMessage());
    }
  }

  void release() throws Exception {
    GXReplyData reply = new GXReplyData();
    askAll(client.releaseRequest(), reply);
    if (hdlc) {
      reply.clear();
      ask(client.disconnectRequest(true), reply); // of itself it would send none after a release
    }
  }

  @Override
  public void close() throws Exception {
    socket.close();
  }
}
