package org.gridwarden.server.ssh;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line that came with the call, as {@code ssh office alarms}: done, and its exit code told. */
final class ConsoleLine implements Command {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleLine.class);

  private final ConsoleLines lines;
  private final Caller caller;
  private final String line;
  private OutputStream out = OutputStream.nullOutputStream();
  private OutputStream err = OutputStream.nullOutputStream();
  private ExitCallback exit = (code, message, closeImmediately) -> {};
  private @Nullable Thread thread;

  ConsoleLine(ConsoleLines lines, Caller caller, String line) {
    this.lines = lines;
    this.caller = caller;
    this.line = line;
  }

  @Override
  public void start(ChannelSession channel, Environment environment) {
    thread = Thread.ofVirtual().name("ssh line of " + caller.user()).start(this::run);
  }

  private void run() {
    int code = 1;
    try (PrintWriter to = writer(out);
        PrintWriter wrong = writer(err)) {
      code = lines.run(caller, line, new Desk.Screen(to, wrong, Optional.empty()));
    } catch (RuntimeException e) {
      LOG.warn("a line of {} failed", caller.user(), e);
    } finally {
      exit.onExit(code);
    }
  }

  private static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
  }

  @Override
  public void destroy(ChannelSession channel) {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  @Override
  public void setInputStream(InputStream in) {
    // nothing is read from it
  }

  @Override
  public void setOutputStream(OutputStream out) {
    this.out = out;
  }

  @Override
  public void setErrorStream(OutputStream err) {
    this.err = err;
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    this.exit = callback;
  }
}
