// SPDX-License-Identifier: GPL-3.0-only
// jDLMS's client in a comparison: so many clients do one thing again and again for a while.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.openmuc.jdlms.DlmsConnection;
import org.openmuc.jdlms.datatypes.DataObject;

/**
 * A line of words on its standard input is a run, answered by one line: what=session, get or
 * profile; port, auth and secrets; clients; millis; threads=virtual or platform. Ends with its
 * standard input.
 */
public class JdlmsLoad {
  private interface Step {
    void once() throws Exception;
  }

  private final Options options;
  private final String what;
  private final long nanos;
  private final LongAdder done = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final AtomicReference<String> first = new AtomicReference<>("");
  private final CountDownLatch open;
  private final CountDownLatch go = new CountDownLatch(1);
  private final CountDownLatch over;

  private JdlmsLoad(Options options) {
    this.options = options;
    what = options.text("what", "session");
    nanos = options.number("millis", 1000) * 1_000_000L;
    open = new CountDownLatch(options.number("clients", 1));
    over = new CountDownLatch(options.number("clients", 1));
  }

  public static void main(String[] args) throws Exception {
    System.out.println("ready");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    while (in.readLine() instanceof String line) {
      System.out.println(new JdlmsLoad(Options.of(line.split(" "))).call());
    }
    System.exit(0);
  }

  private String call() throws Exception {
    boolean virtual = options.text("threads", "virtual").equals("virtual");
    for (int i = 0; i < options.number("clients", 1); i++) {
      (virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon()).start(this::client);
    }
    open.await();
    long cpu = Usage.cpu();
    long allocated = Usage.allocated();
    long begin = System.nanoTime();
    go.countDown();
    over.await();
    long took = System.nanoTime() - begin;
    return "done ops=" + done.sum() + " nanos=" + took + " cpu=" + (Usage.cpu() - cpu)
        + " allocated=" + (Usage.allocated() - allocated) + " failed=" + failed.sum()
        + " why=" + first.get().replaceAll("\\s", "_");
  }

  private void client() {
    try {
      if (what.equals("session")) {
        until(this::session);
      } else {
        try (DlmsConnection meter = JdlmsClient.open(options)) {
          until(what.equals("get") ? () -> register(meter) : () -> profile(meter));
        }
      }
    } catch (Exception e) {
      failed(e);
    } finally {
      open.countDown();
      over.countDown();
    }
  }

  private void until(Step step) throws Exception {
    open.countDown();
    go.await();
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      try {
        step.once();
        done.increment();
      } catch (Exception e) {
        failed(e);
      }
    }
  }

  private void failed(Exception e) {
    failed.increment();
    first.compareAndSet("", e.toString());
  }

  private void session() throws Exception {
    try (DlmsConnection meter = JdlmsClient.open(options)) {
      register(meter);
    }
  }

  private void register(DlmsConnection meter) throws Exception {
    Number value = meter.get(JdlmsClient.REGISTER).getResultData().getValue();
    if (value.longValue() != 424_242) {
      throw new IllegalStateException("another value was read: " + value);
    }
  }

  private void profile(DlmsConnection meter) throws Exception {
    List<DataObject> rows = meter.get(JdlmsClient.BUFFER).getResultData().getValue();
    if (rows.size() != 96) {
      throw new IllegalStateException("other rows were read: " + rows.size());
    }
  }
}
