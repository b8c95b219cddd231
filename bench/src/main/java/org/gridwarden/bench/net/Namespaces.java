package org.gridwarden.bench.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Two network namespaces of this process's own, one for meters and one for the office, with a TUN
 * device in each. What runs in them sees each other and nothing else; they go away when this is
 * closed. Takes root, and the program {@code ip}.
 */
public final class Namespaces implements AutoCloseable {
  /** The meters' address. */
  public static final String METERS = "10.91.0.2";

  /** The office's. */
  public static final String OFFICE = "10.91.0.1";

  private static final int MTU = 1_400;
  private static final int SECONDS = 30;
  private static final Path ROOT_ONLY = Path.of("/dev/net/tun");

  private final String meters;
  private final String office;
  private final Tun metersTun;
  private final Tun officeTun;

  /** For who ends the command in the midst of it. */
  private final Thread atExit = new Thread(this::delete, "namespaces");

  private Namespaces(String meters, String office, Tun metersTun, Tun officeTun) {
    this.meters = meters;
    this.office = office;
    this.metersTun = metersTun;
    this.officeTun = officeTun;
  }

  /** Why there can be none on this machine; empty where there can. */
  public static Optional<String> missing() {
    if (!Files.isReadable(ROOT_ONLY)) {
      return Optional.of("this machine has no /dev/net/tun");
    }
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("network namespaces take root");
    }
    try {
      run(List.of("ip", "-V"));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("there is no program 'ip' (Debian: apt install iproute2)");
    }
  }

  /**
   * Makes them.
   *
   * @throws IOException where the system does not let it; nothing is left then
   */
  public static Namespaces open() throws IOException {
    String id = Long.toString(ProcessHandle.current().pid(), 36);
    String meters = "gwm-" + id;
    String office = "gwo-" + id;
    List<AutoCloseable> made = new ArrayList<>();
    try {
      Tun metersTun = place(meters, METERS, OFFICE, made);
      Tun officeTun = place(office, OFFICE, METERS, made);
      Namespaces both = new Namespaces(meters, office, metersTun, officeTun);
      Runtime.getRuntime().addShutdownHook(both.atExit);
      return both;
    } catch (IOException e) {
      for (AutoCloseable one : made.reversed()) {
        try {
          one.close();
        } catch (Exception more) {
          e.addSuppressed(more);
        }
      }
      throw e;
    }
  }

  private static Tun place(String name, String own, String other, List<AutoCloseable> made)
      throws IOException {
    run(List.of("ip", "netns", "add", name));
    made.add(() -> run(List.of("ip", "netns", "delete", name)));
    Tun tun = Tun.open(name);
    made.add(tun);
    run(List.of("ip", "link", "set", name, "netns", name));
    run(List.of("ip", "-n", name, "link", "set", "lo", "up"));
    run(List.of("ip", "-n", name, "address", "add", own, "peer", other, "dev", name));
    run(List.of("ip", "-n", name, "link", "set", name, "mtu", Integer.toString(MTU), "up"));
    return tun;
  }

  /**
   * Limits what leaves each namespace to a rate, by the kernel's token bucket (tbf).
   *
   * @param kilobits a second; 0 for no limit
   * @return whether the kernel does; else the link's model must
   */
  public boolean rate(int kilobits) {
    boolean done = true;
    for (String name : List.of(meters, office)) {
      List<String> tc = new ArrayList<>(List.of("ip", "netns", "exec", name, "tc", "qdisc"));
      List<String> where = List.of("dev", name, "root");
      try {
        if (kilobits == 0) {
          tc.add("delete");
          tc.addAll(where);
        } else {
          tc.add("replace");
          tc.addAll(where);
          tc.addAll(List.of("tbf", "rate", kilobits + "kbit", "burst", "1600", "latency", "4s"));
        }
        run(tc);
      } catch (IOException e) {
        done = kilobits == 0 && done; // there was none to be taken away
      }
    }
    return done;
  }

  /** What is put before a command so that it runs where the meters are. */
  public List<String> amongMeters() {
    return List.of("ip", "netns", "exec", meters);
  }

  /** What is put before a command so that it runs where the office is. */
  public List<String> amongOffice() {
    return List.of("ip", "netns", "exec", office);
  }

  /** The device in the meters' namespace. */
  public Tun metersTun() {
    return metersTun;
  }

  /** The device in the office's. */
  public Tun officeTun() {
    return officeTun;
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + ": " + said.strip());
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Removes them; who still runs in them loses the network. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      return; // the hook is at it
    }
    metersTun.close();
    officeTun.close();
    delete();
  }

  private void delete() {
    for (String name : List.of(meters, office)) {
      try {
        run(List.of("ip", "netns", "delete", name));
      } catch (IOException e) {
        // it is gone
      }
    }
  }
}
