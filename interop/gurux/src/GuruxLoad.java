// SPDX-License-Identifier: GPL-2.0-only
// Gurux's client in a comparison: so many clients do one thing again and again for a while.

import gurux.dlms.objects.GXDLMSClock;
import gurux.dlms.objects.GXDLMSProfileGeneric;
import gurux.dlms.objects.GXDLMSRegister;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * A line of words on its standard input is a run, answered by one line: what=session, get or
 * profile; port, auth and secrets; clients; millis; threads=virtual or platform. Ends with its
 * standard input.
 */
public class GuruxLoad {
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

  private GuruxLoad(Options options) {
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
      System.out.println(new GuruxLoad(Options.of(line.split(" "))).call());
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
        try (GuruxSession session = new GuruxSession(options)) {
          session.open();
          if (what.equals("get")) {
            GXDLMSRegister register = new GXDLMSRegister("1.0.1.8.0.255");
            until(() -> register(session, register));
          } else {
            // it reads rows only of a profile whose columns it knows
            GXDLMSProfileGeneric profile = new GXDLMSProfileGeneric("1.0.99.1.0.255");
            profile.addCaptureObject(new GXDLMSClock("0.0.1.0.0.255"), 2, 0);
            profile.addCaptureObject(new GXDLMSRegister("1.0.1.8.0.255"), 2, 0);
            until(() -> profile(session, profile));
          }
          session.release();
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
    try (GuruxSession session = new GuruxSession(options)) {
      session.open();
      register(session, new GXDLMSRegister("1.0.1.8.0.255"));
      session.release();
    }
  }

  private void register(GuruxSession session, GXDLMSRegister register) throws Exception {
    session.read(register, 2);
    if (((Number) register.getValue()).longValue() != 424_242) {
      throw new IllegalStateException("another value was read: " + register.getValue());
    }
  }

  private void profile(GuruxSession session, GXDLMSProfileGeneric profile) throws Exception {
    profile.clearBuffer();
    session.read(profile, 2);
    if (profile.getBuffer().length != 96) {
      throw new IllegalStateException("other rows were read: " + profile.getBuffer().length);
    }
  }
}
