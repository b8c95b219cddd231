package org.gridwarden.bench.dlms;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;

/** Our client in a comparison: so many clients do one thing again and again for a while. */
public final class LoadClient {
  private LoadClient() {}

  /**
   * A line of words on its standard input is a run, answered by one line: what=session, get or
   * profile; port, auth and secrets; clients; millis. Ends with its standard input.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    System.out.println("ready");
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println(new Run(Words.of(line.split(" "))).call());
      }
    }
  }

  /** One thing that a client does again and again. */
  private interface Step {
    void once() throws IOException, DlmsException, AssociationRefused;
  }

  static final class Run {
    private final Sessions sessions;
    private final String what;
    private final int clients;
    private final boolean platform;
    private final long nanos;
    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicReference<String> first = new AtomicReference<>("");
    private final CountDownLatch open;
    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch over;

    Run(Words words) {
      sessions = new Sessions(words);
      what = words.text("what", "session");
      clients = words.number("clients", 1);
      platform = words.text("threads", "virtual").equals("platform");
      nanos = words.number("millis", 1000) * 1_000_000L;
      open = new CountDownLatch(clients);
      over = new CountDownLatch(clients);
    }

    String call() throws InterruptedException {
      for (int i = 0; i < clients; i++) {
        (platform ? Thread.ofPlatform() : Thread.ofVirtual()).start(this::client);
      }
      open.await();
      Usage before = Usage.now();
      long begin = System.nanoTime();
      go.countDown();
      over.await();
      long took = System.nanoTime() - begin;
      return "done ops=%d nanos=%d %s failed=%d why=%s"
          .formatted(
              done.sum(),
              took,
              Usage.now().since(before).words(),
              failed.sum(),
              first.get().replace(' ', '_'));
    }

    private void client() {
      try {
        if (what.equals("session")) {
          until(this::session);
        } else {
          try (Association meter = sessions.open()) {
            until(what.equals("get") ? () -> register(meter) : () -> profile(meter));
          }
        }
      } catch (IOException | DlmsException | AssociationRefused e) {
        failed(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        open.countDown();
        over.countDown();
      }
    }

    private void until(Step step) throws InterruptedException {
      open.countDown();
      go.await();
      long end = System.nanoTime() + nanos;
      while (System.nanoTime() < end) {
        try {
          step.once();
          done.increment();
        } catch (IOException | DlmsException | AssociationRefused e) {
          failed(e);
        }
      }
    }

    private void failed(Exception e) {
      failed.increment();
      first.compareAndSet("", e.toString());
    }

    private void session() throws IOException, DlmsException, AssociationRefused {
      try (Association meter = sessions.open()) {
        register(meter);
      }
    }

    private static void register(Association meter)
        throws IOException, DlmsException, AssociationRefused {
      if (!(meter.get(Sessions.REGISTER)
              instanceof Outcome.Value(DlmsData.DoubleLongUnsigned(long value)))
          || value != LoadMeter.ENERGY) {
        throw new IOException("another value was read");
      }
    }

    private static void profile(Association meter)
        throws IOException, DlmsException, AssociationRefused {
      if (!(meter.get(Sessions.BUFFER) instanceof Outcome.Value(DlmsData.Array rows))
          || rows.size() != LoadMeter.ROWS) {
        throw new IOException("other rows were read");
      }
    }
  }
}
