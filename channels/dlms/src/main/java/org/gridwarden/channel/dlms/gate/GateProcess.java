package org.gridwarden.channel.dlms.gate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a gate as a child process, and again whenever it ends: for where there is no user or
 * machine of its own for it. The child ends with this process. Thread-safe.
 */
public final class GateProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GateProcess.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Set<String> PASSED_ON = Set.of("PATH", "LANG", "LC_ALL", "TZ");

  private final List<String> command;
  private final Thread watcher;
  private final AtomicReference<Optional<Process>> running =
      new AtomicReference<>(Optional.empty());
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch ready = new CountDownLatch(1);

  /**
   * Starts it.
   *
   * @param folder the gate's own
   * @param socket where it is to listen
   */
  public GateProcess(Path folder, Path socket) {
    this.command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            GateMain.class.getName(),
            "--with-parent",
            folder.toAbsolutePath().toString(),
            socket.toAbsolutePath().toString());
    this.watcher = Thread.ofPlatform().daemon().name("gate-watcher").start(this::watch);
  }

  private void watch() {
    Duration pause = FIRST_PAUSE;
    while (closed.getCount() > 0) {
      long begun = System.nanoTime();
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().retainAll(PASSED_ON); // the server's secrets may stand there
        Process process = builder.start();
        running.set(Optional.of(process));
        if (closed.getCount() == 0) {
          process.destroy();
        }
        try (BufferedReader words =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
          for (String line = words.readLine(); line != null; line = words.readLine()) {
            if (line.equals("ready")) {
              ready.countDown();
            }
          }
        }
        int code = process.waitFor();
        if (closed.getCount() > 0) {
          LOG.warn("the last gate ended with {}; it is started again", code);
        }
      } catch (IOException e) {
        LOG.error("the last gate cannot be started: {}", e.getMessage());
      } catch (InterruptedException e) {
        return;
      }
      if (System.nanoTime() - begun > LONGEST_PAUSE.toNanos()) {
        pause = FIRST_PAUSE;
      }
      try {
        if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      }
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
  }

  /** Waits until it listened for the first time; false where that took longer. */
  public boolean awaitReady(Duration patience) throws InterruptedException {
    return ready.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The child's process id, where it runs now. */
  public Optional<Long> pid() {
    return running.get().filter(Process::isAlive).map(Process::pid);
  }

  /** Ends the child; it is not started again. */
  @Override
  public void close() {
    closed.countDown();
    running.get().ifPresent(Process::destroy);
    watcher.interrupt();
  }
}
