package org.gridwarden.bench.dlms;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The clients and meters of a comparison, each in a process of its own. One thread at a time. */
final class Pairs implements Closeable {
  // no secrets: they protect a bench's meters
  private static final List<String> SECRETS =
      List.of(
          "password=12345678",
          "key=000102030405060708090A0B0C0D0E0F",
          "auth-key=D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF");

  private final Map<Stack, Program> meters = new EnumMap<>(Stack.class);
  private final Map<Stack, String> ports = new EnumMap<>(Stack.class);
  private final Map<Stack, Program> clients = new EnumMap<>(Stack.class);

  /** A client of one and a meter of one. */
  record Pair(Stack client, Stack meter) {
    String title() {
      return client == meter
          ? client.title()
          : client.title() + " client, " + (meter == Stack.OURS ? "our" : meter.title()) + " meter";
    }

    /** As it stands in JSON. */
    String key() {
      return client == meter ? client.folder() : client.folder() + "_to_" + meter.folder();
    }
  }

  static Pairs start(Path interop) throws IOException {
    Pairs pairs = new Pairs();
    try {
      for (Stack stack : Stack.values()) {
        Program meter = stack.meter(interop, SECRETS);
        pairs.meters.put(stack, meter);
        Program client = stack.client(interop);
        pairs.clients.put(stack, client);
        String where = meter.line("listening");
        pairs.ports.put(stack, where.substring(where.lastIndexOf(':') + 1));
        client.line("ready");
      }
      return pairs;
    } catch (IOException e) {
      pairs.close();
      throw e;
    }
  }

  /**
   * Lets a pair do something for a while.
   *
   * @throws IOException where a program ended, or something failed
   */
  Figures run(Pair pair, Load load, long millis) throws IOException {
    Usage before = usage(pair.meter());
    Program client = program(clients, pair.client());
    client.tell(
        "what=%s auth=%s clients=%d millis=%d port=%s threads=%s %s"
            .formatted(
                load.what(),
                load.auth(),
                load.clients(),
                millis,
                ports.get(pair.meter()),
                // measured both ways; each stack's client goes as it goes best
                pair.client() == Stack.OURS ? "virtual" : "platform",
                String.join(" ", SECRETS)));
    Words done = Words.of(client.line("done").split(" "));
    Usage meter = usage(pair.meter()).since(before);
    long ops = Long.parseLong(done.text("ops", "0"));
    if (ops == 0 || !done.text("failed", "0").equals("0")) {
      throw new IOException(
          pair.title()
              + ", "
              + load
              + ": "
              + done.text("failed", "?")
              + " failed, as "
              + done.text("why", ""));
    }
    double nanos = Double.parseDouble(done.text("nanos", "1"));
    return new Figures(
        ops * 1e9 / nanos,
        Long.parseLong(done.text("cpu", "0")) / 1e3 / ops,
        (double) Long.parseLong(done.text("allocated", "0")) / ops,
        meter.cpu() / 1e3 / ops,
        (double) meter.allocated() / ops);
  }

  private Usage usage(Stack meter) throws IOException {
    Program program = program(meters, meter);
    program.tell("usage");
    Words words = Words.of(program.line("usage").split(" "));
    return new Usage(
        Long.parseLong(words.text("cpu", "0")), Long.parseLong(words.text("allocated", "0")));
  }

  private static Program program(Map<Stack, Program> programs, Stack stack) {
    Program program = programs.get(stack);
    if (program == null) {
      throw new IllegalStateException(stack + " was not started");
    }
    return program;
  }

  @Override
  public void close() {
    clients.values().forEach(Program::close);
    meters.values().forEach(Program::close);
  }
}
