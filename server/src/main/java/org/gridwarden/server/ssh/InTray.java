package org.gridwarden.server.ssh;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes shipments in that users put into {@code in}, one at a time, in the user's name; what the
 * office says of it stands beside the file. The file stays: it is the user's. Thread-safe.
 */
final class InTray implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InTray.class);

  private final Gate gate;
  private final Desk desk;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          work -> Thread.ofPlatform().name("shipments over SFTP").daemon().unstarted(work));

  InTray(Gate gate, Desk desk) {
    this.gate = gate;
    this.desk = desk;
  }

  /** Where what the office says of a shipment stands. */
  static ExchangeName result(ExchangeName shipment) {
    return new ExchangeName(ExchangeName.IN, shipment.file() + ExchangeName.RESULT);
  }

  /** Takes a file in, soon; gives the lease back then. */
  void take(Lease lease, UserFolder folder, ExchangeName shipment) {
    try {
      worker.execute(() -> {
        try (lease) {
          takeNow(lease.caller(), folder, shipment);
        } catch (IOException | RuntimeException e) {
          LOG.warn("{} of {} could not be taken in", shipment.path(), lease.caller().user(), e);
        }
      });
    } catch (RejectedExecutionException e) {
      lease.close(); // the server ends: it is taken in after the next start
    }
  }

  private void takeNow(Caller caller, UserFolder folder, ExchangeName shipment) throws IOException {
    gate.note(caller.user(), "sftp.take-in", shipment.path());
    StringWriter said = new StringWriter();
    PrintWriter to = new PrintWriter(said);
    int code =
        desk.takeIn(caller, folder.real(shipment), new Desk.Screen(to, to, Optional.empty()));
    to.flush();
    String text = said + (code == 0 ? "taken in\n" : "not taken in\n");
    folder.put(result(shipment), new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Finishes the one at work; the others wait for the next start. */
  @Override
  public void close() {
    worker.shutdownNow();
    try {
      if (!worker.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("a shipment over SFTP was not taken in in time; it is again at the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
