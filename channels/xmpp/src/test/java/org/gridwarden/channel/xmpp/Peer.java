package org.gridwarden.channel.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.message.MessagePassword;
import org.gridwarden.simulator.xmpp.XmppCarrier;

/** A meter that Debian's python3-slixmpp speaks for: src/test/python/peer.py. */
final class Peer implements AutoCloseable {
  private static final String SCRIPT =
      Path.of("src/test/python/peer.py").toAbsolutePath().toString();

  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private Peer(Process process) {
    this.process = process;
    Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(lines::add));
  }

  static Peer start(TestProsody prosody, MeterId meter, String mode, Object what)
      throws IOException {
    return start(prosody, meter, TestOffice.key(meter, Purpose.MESSAGE), mode, what);
  }

  static Peer start(TestProsody prosody, MeterId meter, KeySet key, String mode, Object what)
      throws IOException {
    Secret password = MessagePassword.of(meter, key);
    return new Peer(
        new ProcessBuilder(
                "/usr/bin/python3",
                SCRIPT,
                Integer.toString(prosody.clients()),
                prosody.certificateFile().toString(),
                XmppCarrier.account(meter),
                new String(password.copy(), StandardCharsets.US_ASCII),
                mode,
                what.toString())
            .redirectErrorStream(true)
            .start());
  }

  /** Waits until it has said a line that begins so, and gives the line. */
  String says(String beginning) {
    await()
        .atMost(TestOffice.SOON)
        .until(() ->
            lines.stream().anyMatch(line -> line.startsWith(beginning)) || !process.isAlive());
    return lines.stream()
        .filter(line -> line.startsWith(beginning))
        .findFirst()
        .orElseThrow(() -> new AssertionError("it says " + lines));
  }

  void tell(String line) throws IOException {
    process.outputWriter().append(line).append('\n').flush();
  }

  /** What it said until it ended by itself. */
  List<String> ended() throws InterruptedException {
    assertThat(process.waitFor(TestOffice.SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return lines;
  }

  /** Its connection stands, and nothing comes from it any more. */
  void freeze() throws Exception {
    assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start().waitFor())
        .isZero();
  }

  /** Its power is cut. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
