package org.gridwarden.channel.sip;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.gridwarden.channel.sip.Fields.Field;
import org.gridwarden.message.listener.Tally;

/**
 * A request that waits for its answer, which goes the way that it came, once. A stranger gets by
 * datagram no more than three times the bytes that it sent. Thread-safe.
 */
final class Asked {
  private static final int AMPLIFICATION = 3;
  private static final int REFUSED = 300;
  private static final Map<Integer, String> WORDS =
      Map.ofEntries(
          Map.entry(200, "OK"),
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(406, "Not Acceptable"),
          Map.entry(413, "Request Entity Too Large"),
          Map.entry(415, "Unsupported Media Type"),
          Map.entry(416, "Unsupported URI Scheme"),
          Map.entry(420, "Bad Extension"),
          Map.entry(423, "Interval Too Brief"),
          Map.entry(481, "Call/Transaction Does Not Exist"),
          Map.entry(488, "Not Acceptable Here"),
          Map.entry(489, "Bad Event"),
          Map.entry(500, "Server Internal Error"),
          Map.entry(501, "Not Implemented"),
          Map.entry(503, "Service Unavailable"),
          Map.entry(505, "Version Not Supported"),
          Map.entry(513, "Message Too Large"));

  private final Head head;
  private final byte[] body;
  private final int length;
  private final Flow flow;
  private final Nonces nonces;
  private final Tally tally;
  private final AtomicBoolean answered = new AtomicBoolean();
  private volatile Optional<Consumer<byte[]>> proven = Optional.empty();

  /**
   * @param body not to be changed
   * @param length of the whole message, in bytes
   */
  Asked(Head head, byte[] body, int length, Flow flow, Nonces nonces, Tally tally) {
    this.head = head;
    this.body = body;
    this.length = length;
    this.flow = flow;
    this.nonces = nonces;
    this.tally = tally;
  }

  byte[] body() {
    return body;
  }

  Flow flow() {
    return flow;
  }

  /** For people. */
  String where() {
    return flow.transport().toLowerCase(java.util.Locale.ROOT) + flow.source();
  }

  /**
   * It is of somebody proven.
   *
   * @param keep is told what it is answered by
   */
  void proven(Consumer<byte[]> keep) {
    proven = Optional.of(keep);
  }

  /** Answers; later answers are none. */
  void answer(int status, Field... more) {
    answer(status, List.of(more));
  }

  void answer(int status, List<Field> more) {
    if (!answered.compareAndSet(false, true)) {
      return;
    }
    Optional<byte[]> bytes = bytes(status, more);
    if (bytes.isEmpty()) {
      return;
    }
    proven.ifPresent(keep -> keep.accept(bytes.get()));
    if (!flow.isReliable() && proven.isEmpty() && bytes.get().length > AMPLIFICATION * length) {
      tally.fault(Tally.What.OVER_LIMIT, where(), "an answer would be too long for a stranger");
      return;
    }
    flow.send(bytes.get());
  }

  /** What names this end of the dialog that it begins. */
  String tag() {
    String branch = "";
    try {
      branch = Via.top(head.fields()).branch().orElse("");
    } catch (SipException e) {
      // then it is not answered
    }
    return nonces.tag(first("call-id").orElse("") + first("cseq").orElse(""), branch);
  }

  /** The field To of the answer. */
  String to() {
    String to = first("to").orElse("");
    try {
      return NameAddr.parse(to).tag().isPresent() ? to : to + ";tag=" + tag();
    } catch (SipException e) {
      return to; // it is what is wrong
    }
  }

  private Optional<String> first(String name) {
    return head.fields().lines(name).stream().findFirst();
  }

  /** Empty where it does not say whom to answer. */
  private Optional<byte[]> bytes(int status, List<Field> more) {
    StringBuilder out = new StringBuilder(length + 256);
    out.append("SIP/2.0 ").append(status).append(' ').append(WORDS.getOrDefault(status, "No"));
    try {
      out.append("\r\nVia: ").append(Via.top(head.fields()).answered(flow.source()));
    } catch (SipException e) {
      tally.fault(Tally.What.MALFORMED, where(), "no field via to answer by");
      return Optional.empty();
    }
    head.fields().lines("via").stream().skip(1).forEach(via -> out.append("\r\nVia: ").append(via));
    first("from").ifPresent(from -> out.append("\r\nFrom: ").append(from));
    out.append("\r\nTo: ").append(to());
    first("call-id").ifPresent(id -> out.append("\r\nCall-ID: ").append(id));
    first("cseq").ifPresent(number -> out.append("\r\nCSeq: ").append(number));
    if (status < REFUSED) {
      // in a dialog the proxies in between are named again (clause 12.1.1)
      head.fields().lines("record-route").forEach(r -> out.append("\r\nRecord-Route: ").append(r));
    }
    more.forEach(field -> out.append("\r\n").append(field));
    out.append("\r\nContent-Length: 0\r\n\r\n");
    return Optional.of(out.toString().getBytes(StandardCharsets.ISO_8859_1));
  }
}
