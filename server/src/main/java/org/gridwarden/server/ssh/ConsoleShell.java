package org.gridwarden.server.ssh;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Line after line until {@code exit}: with a line editor where the client has a terminal, plainly
 * where its lines come from a file.
 */
final class ConsoleShell implements Command {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleShell.class);

  private final ConsoleLines lines;
  private final Caller caller;
  private InputStream in = InputStream.nullInputStream();
  private OutputStream out = OutputStream.nullOutputStream();
  private OutputStream err = OutputStream.nullOutputStream();
  private ExitCallback exit = (code, message, closeImmediately) -> {};
  private @Nullable Thread thread;

  ConsoleShell(ConsoleLines lines, Caller caller) {
    this.lines = lines;
    this.caller = caller;
  }

  @Override
  public void start(ChannelSession channel, Environment environment) {
    thread =
        Thread.ofVirtual().name("ssh console of " + caller.user()).start(() -> run(environment));
  }

  private void run(Environment environment) {
    int code = 1;
    try {
      String term = environment.getEnv().get(Environment.ENV_TERM);
      code = term == null ? plainly() : onTerminal(environment, term);
    } catch (IOException e) {
      LOG.debug("the console of {} broke off", caller.user(), e);
    } catch (RuntimeException e) {
      LOG.warn("the console of {} failed", caller.user(), e);
    } finally {
      exit.onExit(code);
    }
  }

  private int onTerminal(Environment environment, String term) throws IOException {
    // a name that the client chooses must not make the terminal library look for its description
    String type = term.equals("dumb") ? "dumb" : "xterm";
    try (Terminal terminal =
        new ExternalTerminal(
            "gridwarden", type, new BoundedInput(in), out, StandardCharsets.UTF_8)) {
      resize(terminal, environment);
      environment.addSignalListener(
          (channel, signal) -> {
            resize(terminal, environment);
            terminal.raise(Terminal.Signal.WINCH);
          },
          Signal.WINCH);
      return new ConsoleTerminal(lines, caller, terminal).run();
    }
  }

  private static void resize(Terminal terminal, Environment environment) {
    terminal.setSize(
        new Size(
            number(environment, Environment.ENV_COLUMNS, 80),
            number(environment, Environment.ENV_LINES, 24)));
  }

  private static int number(Environment environment, String name, int usual) {
    String text = environment.getEnv().getOrDefault(name, "");
    return text.matches("[1-9][0-9]{0,2}") ? Integer.parseInt(text) : usual;
  }

  /** The exit code is that of the last line that failed. */
  private int plainly() throws IOException {
    int code = 0;
    try (BufferedReader from =
            new BufferedReader(
                new InputStreamReader(new BoundedInput(in), StandardCharsets.UTF_8));
        PrintWriter to = new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        PrintWriter wrong = new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8))) {
      for (String line = from.readLine(); line != null; line = from.readLine()) {
        if (line.strip().equals("exit")) {
          break;
        }
        int one = lines.run(caller, line, new Desk.Screen(to, wrong, Optional.empty()));
        to.flush();
        wrong.flush();
        code = one == 0 ? code : one;
      }
    }
    return code;
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
    this.in = in;
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
