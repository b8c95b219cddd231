package org.gridwarden.simulator.sip;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;

/**
 * A meter's agent of SIP (RFC 3261): asks one thing after the other, with a digest by SHA-256 (RFC
 * 8760) where it is asked for one, says datagrams again until they are answered, and answers what
 * the office asks. Thread-safe.
 */
public final class SipLine implements AutoCloseable {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration MOST = Duration.ofSeconds(4);
  private static final Duration PATIENCE = Duration.ofSeconds(32);
  private static final int UNAUTHORIZED = 401;
  private static final int CHALLENGES = 3;
  private static final int FINAL = 200;
  private static final Pattern NONCE = Pattern.compile("nonce=\"([^\"]{1,200})\"");
  private static final Pattern REALM = Pattern.compile("realm=\"([^\"]{1,100})\"");

  private static final SipPacket NOTHING = new SipPacket("", List.of(), new byte[0]);

  private final SipWire wire;
  private final String office;
  private final MeterId meter;
  private final Optional<Secret> password;
  private final Consumer<SipPacket> heard;
  private final Runnable ended;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, BlockingQueue<SipPacket>> open = new ConcurrentHashMap<>();
  private volatile boolean over;
  private String nonce = "";
  private String realm = "";
  private int count;
  private int number;

  /**
   * Begins to listen.
   *
   * @param office its host and port, as its own addresses have them
   * @param password empty where a certificate says who asks
   * @param heard is given each request of the office's once, after it was answered
   * @param ended is told when the wire has ended
   */
  public SipLine(
      SipWire wire,
      String office,
      MeterId meter,
      Optional<Secret> password,
      Consumer<SipPacket> heard,
      Runnable ended) {
    this.wire = wire;
    this.office = office;
    this.meter = meter;
    this.password = password;
    this.heard = heard;
    this.ended = ended;
    Thread.ofVirtual().name(meter + "-sip").start(this::listen);
  }

  private void listen() {
    String last = "";
    try {
      while (true) {
        SipPacket packet = wire.receive();
        if (packet.isAnswer()) {
          Optional.ofNullable(open.get(branch(packet))).ifPresent(q -> q.offer(packet));
          continue;
        }
        wire.send(answer(packet).bytes());
        String which = branch(packet);
        if (!which.equals(last)) { // else it came again
          last = which;
          heard.accept(packet);
        }
      }
    } catch (IOException e) {
      over = true;
      open.values().forEach(q -> q.offer(NOTHING));
      ended.run();
    }
  }

  private static String branch(SipPacket packet) {
    String via = packet.field("via").or(() -> packet.field("v")).orElse("");
    int at = via.indexOf("branch=");
    return at < 0 ? "" : via.substring(at + 7).split("[;, ]", 2)[0];
  }

  /** Whatever the office asks is well. */
  private SipPacket answer(SipPacket asked) {
    List<String> fields = new ArrayList<>();
    for (String name : List.of("Via", "From", "To", "Call-ID", "CSeq")) {
      for (String value : asked.all(name)) {
        boolean untagged = name.equals("To") && !value.contains(";tag=");
        fields.add(name + ": " + value + (untagged ? ";tag=m" : ""));
      }
    }
    return new SipPacket("SIP/2.0 200 OK", fields, new byte[0]);
  }

  /** The meter's own address on this line. */
  public String contact() {
    String transport = wire.transport().equals("UDP") ? "" : ";transport=tcp";
    return "<sip:" + meter + "@" + here() + transport + ">";
  }

  private String here() {
    String host = wire.local().getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + wire.local().getPort();
  }

  /**
   * Asks for something, and waits for the final answer.
   *
   * @param user to whom at the office; empty for the office as such
   * @param more fields that the method needs
   * @throws IOException where no answer comes
   */
  public synchronized SipPacket ask(String method, String user, List<String> more, byte[] body)
      throws IOException, InterruptedException {
    String target = "sip:" + (user.isEmpty() ? "" : user + "@") + office;
    String to = user.isEmpty() ? "<sip:" + meter + "@" + office + ">" : "<" + target + ">";
    String call = id();
    String tag = id();
    SipPacket answer = say(method, target, to, call, tag, more, body);
    for (int i = 1; i < CHALLENGES && answer.status() == UNAUTHORIZED; i++) {
      if (!challenged(answer)) {
        return answer;
      }
      answer = say(method, target, to, call, tag, more, body);
    }
    return answer;
  }

  private SipPacket say(
      String method,
      String target,
      String to,
      String call,
      String tag,
      List<String> more,
      byte[] body)
      throws IOException, InterruptedException {
    String branch = "z9hG4bK" + id();
    number++;
    List<String> fields =
        new ArrayList<>(
            List.of(
                "Via: SIP/2.0/" + wire.transport() + " " + here() + ";branch=" + branch + ";rport",
                "Max-Forwards: 70",
                "From: <sip:" + meter + "@" + office + ">;tag=" + tag,
                "To: " + to,
                "Call-ID: " + call,
                "CSeq: " + number + " " + method));
    if (!method.equals("MESSAGE")) { // which has none (RFC 3428, clause 9)
      fields.add("Contact: " + contact());
    }
    fields.addAll(more);
    if (password.isPresent() && !nonce.isEmpty()) {
      fields.add("Authorization: " + digest(password.get(), method, target));
    }
    BlockingQueue<SipPacket> answers = new LinkedBlockingQueue<>();
    open.put(branch, answers);
    try {
      return wait(new SipPacket(method + " " + target + " SIP/2.0", fields, body), answers);
    } finally {
      open.remove(branch);
    }
  }

  private SipPacket wait(SipPacket question, BlockingQueue<SipPacket> answers)
      throws IOException, InterruptedException {
    byte[] bytes = question.bytes();
    long end = System.nanoTime() + PATIENCE.toNanos();
    Duration again = wire.transport().equals("UDP") ? FIRST : PATIENCE;
    wire.send(bytes);
    while (System.nanoTime() < end && !over) {
      SipPacket answer = answers.poll(again.toMillis(), TimeUnit.MILLISECONDS);
      if (answer == null) {
        if (wire.transport().equals("UDP")) {
          wire.send(bytes);
        }
        again = again.multipliedBy(2).compareTo(MOST) > 0 ? MOST : again.multipliedBy(2);
      } else if (answer.status() >= FINAL) {
        return answer;
      }
    }
    throw new IOException(over ? "the line has ended" : "no answer in time");
  }

  private boolean challenged(SipPacket answer) {
    for (String challenge : answer.all("www-authenticate")) {
      Matcher newNonce = NONCE.matcher(challenge);
      Matcher newRealm = REALM.matcher(challenge);
      if (challenge.contains("algorithm=SHA-256") && newNonce.find() && newRealm.find()) {
        nonce = newNonce.group(1);
        realm = newRealm.group(1);
        count = 0;
        return password.isPresent();
      }
    }
    return false;
  }

  private String digest(Secret secret, String method, String target) {
    count++;
    String nc = String.format(java.util.Locale.ROOT, "%08x", count);
    String cnonce = id();
    byte[] word = secret.copy();
    try {
      String a1 = sha256(meter + ":" + realm + ":", word);
      String a2 = sha256(method + ":" + target);
      String response = sha256(a1 + ":" + nonce + ":" + nc + ":" + cnonce + ":auth:" + a2);
      return "Digest username=\""
          + meter
          + "\", realm=\""
          + realm
          + "\", nonce=\""
          + nonce
          + "\", uri=\""
          + target
          + "\", response=\""
          + response
          + "\", algorithm=SHA-256, cnonce=\""
          + cnonce
          + "\", qop=auth, nc="
          + nc;
    } finally {
      Arrays.fill(word, (byte) 0);
    }
  }

  private static String sha256(String text, byte[]... more) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(text.getBytes(StandardCharsets.US_ASCII));
      for (byte[] part : more) {
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private String id() {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public void close() {
    wire.close();
  }
}
