package org.gridwarden.channel.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.Fault;

/**
 * The opening handshake of a WebSocket (RFC 6455, clause 4.2). Pure functions.
 *
 * @param response to send
 * @param protocol what is spoken from now on; empty where the response is a refusal
 */
record Handshake(Response response, Optional<Protocol> protocol) {
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int KEY = 16;

  /** The sub-protocols that there are. */
  enum Protocol {
    /** A secured message a binary frame, and acknowledgements; also where none is asked for. */
    MESSAGES("gridwarden.cose.1"),
    WAMP_CBOR("wamp.2.cbor"),
    WAMP_JSON("wamp.2.json");

    private final String word;

    Protocol(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** Whether a request asks for a WebSocket at the place that has one. */
  static boolean isWanted(Request request) {
    return request.method().equals("GET")
        && request.path().size() == 3
        && request.path().getLast().equals(Resources.SOCKET)
        && holds(request.list(HttpHeaderNames.UPGRADE), "websocket")
        && holds(request.list(HttpHeaderNames.CONNECTION), "upgrade");
  }

  private static boolean holds(Optional<String> list, String word) {
    return list.filter(l ->
            Arrays.stream(l.split(",", 16))
                .anyMatch(w -> w.strip().toLowerCase(Locale.ROOT).equals(word)))
        .isPresent();
  }

  /** Answers one. */
  static Handshake of(Request request, Login.Who who) {
    if (!Resources.owner(request.path()).filter(who.name()::equals).isPresent()) {
      return refused(403, "meter " + who.name() + " has a socket of its own");
    }
    if (request.header(HttpHeaderNames.ORIGIN).isPresent()) {
      // a page in somebody's browser that rides on what the browser has
      return refused(403, "no page may open it: leave the field Origin out");
    }
    if (!request.header(HttpHeaderNames.SEC_WEBSOCKET_VERSION).equals(Optional.of("13"))) {
      Handshake refused = refused(426, "speak version 13");
      return new Handshake(
          refused.response.with(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13"), Optional.empty());
    }
    Optional<String> accept =
        request.header(HttpHeaderNames.SEC_WEBSOCKET_KEY).flatMap(Handshake::accept);
    if (accept.isEmpty()) {
      return refused(400, "the field Sec-WebSocket-Key has 16 bytes in base64");
    }
    Optional<String> offered = request.list(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
    Optional<Protocol> chosen =
        offered.isEmpty() ? Optional.of(Protocol.MESSAGES) : choose(offered.get());
    if (chosen.isEmpty()) {
      return refused(400, "offer gridwarden.cose.1, wamp.2.cbor or wamp.2.json");
    }
    Response response =
        Response.of(101)
            .with(HttpHeaderNames.UPGRADE, "websocket")
            .with(HttpHeaderNames.CONNECTION, "Upgrade")
            .with(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept.get());
    return new Handshake(
        offered.isEmpty()
            ? response
            : response.with(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, chosen.get().word()),
        chosen);
  }

  private static Handshake refused(int status, String remedy) {
    return new Handshake(
        Problem.of(status, Fault.Code.FORBIDDEN, "the socket", remedy).response().andEnd(),
        Optional.empty());
  }

  /**
   * The first that the other end offers and that there is: it names the one it likes most first.
   */
  private static Optional<Protocol> choose(String offered) {
    for (String word : offered.split(",", 16)) {
      for (Protocol protocol : Protocol.values()) {
        if (protocol.word.equals(word.strip())) {
          return Optional.of(protocol);
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> accept(String key) {
    try {
      if (Base64.getDecoder().decode(key.strip()).length != KEY) {
        return Optional.empty();
      }
      byte[] hash =
          MessageDigest.getInstance("SHA-1") // a checksum here, no security: clause 10.8
              .digest((key.strip() + MAGIC).getBytes(StandardCharsets.US_ASCII));
      return Optional.of(Base64.getEncoder().encodeToString(hash));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-1, which WebSocket asks for", e);
    }
  }
}
