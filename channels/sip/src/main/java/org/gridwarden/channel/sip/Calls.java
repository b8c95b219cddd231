package org.gridwarden.channel.sip;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.gridwarden.channel.sip.Fields.Field;

/**
 * Requests of the office's own, until they are answered (RFC 3261, clause 17.1.2): said again and
 * again by datagram, once by connection. Thread-safe.
 */
final class Calls {
  /** No answer came; as if the meter had said so (clause 8.1.3.1). */
  static final int TIMEOUT = 408;

  private static final Duration T1 = Duration.ofMillis(500);
  private static final Duration T2 = Duration.ofSeconds(4);
  private static final Duration PATIENCE = Duration.ofSeconds(32); // timer F: 64 T1
  private static final int FINAL = 200;

  private final ScheduledExecutorService timer;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Call> open = new ConcurrentHashMap<>();

  private record Call(Flow flow, CompletableFuture<Integer> status) {}

  Calls(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /** Something that nobody guesses. */
  String id() {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Sends a request.
   *
   * @param fields From, To, Call-ID, CSeq and what else it says
   * @return the final status; {@link #TIMEOUT} where none comes in 32 s
   */
  CompletableFuture<Integer> call(Way way, String method, List<Field> fields, byte[] body) {
    String branch = "z9hG4bK" + id();
    Flow flow = way.flow();
    Call call = new Call(flow, new CompletableFuture<>());
    open.put(branch, call);
    byte[] bytes = bytes(way, method, branch, fields, body);
    CompletableFuture<Integer> answer =
        call.status.completeOnTimeout(TIMEOUT, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    var _ = answer.whenComplete((status, failure) -> open.remove(branch));
    if (!flow.isOpen()) {
      answer.complete(TIMEOUT);
      return answer;
    }
    flow.send(bytes);
    if (!flow.isReliable()) {
      again(call, bytes, T1);
    }
    return answer;
  }

  private void again(Call call, byte[] bytes, Duration in) {
    var _ =
        timer.schedule(
            () -> {
              if (!call.status.isDone()) {
                call.flow.send(bytes);
                Duration next = in.multipliedBy(2);
                again(call, bytes, next.compareTo(T2) > 0 ? T2 : next);
              }
            },
            in.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static byte[] bytes(
      Way way, String method, String branch, List<Field> fields, byte[] body) {
    StringBuilder out = new StringBuilder(512);
    out.append(method).append(' ').append(way.target()).append(" SIP/2.0\r\nVia: SIP/2.0/");
    out.append(way.flow().transport()).append(' ').append(way.flow().local());
    out.append(";branch=").append(branch).append(";rport\r\nMax-Forwards: 70\r\n");
    way.routes().forEach(route -> out.append("Route: ").append(route).append("\r\n"));
    fields.forEach(field -> out.append(field).append("\r\n"));
    out.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    ByteArrayOutputStream all = new ByteArrayOutputStream(out.length() + body.length);
    all.writeBytes(out.toString().getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(body);
    return all.toByteArray();
  }

  /**
   * An answer came.
   *
   * @return whether it was waited for, from there
   * @throws SipException where it is none
   */
  boolean answered(Head head, Flow flow) throws SipException {
    String[] line = head.start().split(" ", 3);
    if (line.length < 2 || !line[0].equalsIgnoreCase("SIP/2.0") || line[1].length() != 3) {
      throw SipException.malformed("the status line is none");
    }
    int status = (int) Text.number(line[1], 699);
    Optional<Call> call =
        Via.top(head.fields())
            .branch()
            .flatMap(branch -> Optional.ofNullable(open.get(branch)))
            .filter(c -> c.flow.equals(flow));
    if (call.isPresent() && status >= FINAL) {
      call.get().status.complete(status);
    }
    return call.isPresent();
  }
}
