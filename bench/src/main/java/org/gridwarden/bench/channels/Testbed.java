package org.gridwarden.bench.channels;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.gridwarden.bench.net.Departed;
import org.gridwarden.bench.net.Link;
import org.gridwarden.bench.net.Namespaces;
import org.gridwarden.bench.net.Wire;

/**
 * Sets up the link, the office and one street of meters after the other, and measures each. The
 * meters' process stands in one network namespace and the office's in another, and all packets pass
 * this process; without namespaces both speak over loopback, and no packet is seen.
 */
final class Testbed {
  private static final Duration STARTS = Duration.ofSeconds(180);
  private static final String LOOPBACK = "127.0.0.1";

  private final Settings settings;
  private final PrintWriter err;
  private final Departed departed = new Departed();
  private final List<String> failed = new ArrayList<>();

  /**
   * What was measured, and on what.
   *
   * @param failed what was begun and could not be measured, each with why
   */
  record Outcome(List<Result> results, boolean shaped, String how, List<String> failed) {
    /** The same, with one more where there is one. */
    Outcome and(Optional<Result> more) {
      List<Result> all = new ArrayList<>(results);
      more.ifPresent(all::add);
      return new Outcome(List.copyOf(all), shaped, how, failed);
    }
  }

  Testbed(Settings settings, PrintWriter err) {
    this.settings = settings;
    this.err = err;
  }

  /** Measures all variants. */
  Outcome run() throws IOException, InterruptedException {
    try (Workplace place = Workplace.in(Path.of("."))) {
      Optional<String> missing =
          settings.loopback() ? Optional.of("as asked for") : Namespaces.missing();
      if (missing.isPresent()) {
        String how =
            "loopback, unshaped ("
                + missing.get()
                + "): no bytes on the wire, no loss, no outage"
                + secured();
        say("link: " + how);
        return outcome(all(place, Optional.empty(), Optional.empty()), false, how);
      }
      return shaped(place);
    }
  }

  private Outcome outcome(List<Result> results, boolean shaped, String how) {
    return new Outcome(results, shaped, how, List.copyOf(failed));
  }

  private String secured() {
    return settings.tls() ? "; all under mutual TLS 1.3, CoAP under OSCORE or DTLS 1.2" : "";
  }

  private Outcome shaped(Workplace place) throws IOException, InterruptedException {
    Link link = settings.link();
    try (Namespaces namespaces = Namespaces.open()) {
      boolean bucket = link.kilobits() > 0 && namespaces.rate(link.kilobits());
      Link modelled = bucket ? link.withRate(0) : link;
      String how =
          link.describe()
              + "; delay, jitter and loss by our own TUN link model (seed "
              + settings.seed()
              + "), rate by "
              + (bucket ? "the kernel's tbf" : "the same model")
              + secured();
      say("link: " + how);
      try (Wire wire =
          new Wire(namespaces.metersTun(), namespaces.officeTun(), modelled, settings.seed())) {
        return outcome(all(place, Optional.of(namespaces), Optional.of(wire)), true, how);
      }
    }
  }

  private List<Result> all(Workplace place, Optional<Namespaces> namespaces, Optional<Wire> wire)
      throws IOException, InterruptedException {
    List<Result> results = new ArrayList<>();
    String host = namespaces.isPresent() ? Namespaces.OFFICE : LOOPBACK;
    Path folder = place.folder();
    Path officeFolder = folder.resolve("office");
    say("the office starts, with its database");
    try (Peer office =
        place.employ(
            Peer.start(
                namespaces.map(Namespaces::amongOffice).orElse(List.of()),
                folder.resolve("office.log"),
                OfficeSide.class,
                officeFolder.toString(),
                host,
                listeners()))) {
      Map<String, Integer> ports = ports(office.answer(STARTS));
      int number = 0;
      for (Variant variant : settings.variants()) {
        number++;
        say(String.format("%d of %d: %s", number, settings.variants().size(), variant.name()));
        int port = ports.getOrDefault(variant.where(settings.tls()), 0);
        Path its = Files.createDirectories(folder.resolve(variant.name()));
        try {
          measure(place, namespaces, wire, office, variant, its, port).ifPresent(results::add);
        } catch (IOException e) {
          if (place.isLeft()) {
            throw new IOException("it was ended", e);
          }
          // one that hangs or breaks is bounded and told; the others are measured all the same
          fails(variant, String.valueOf(e.getMessage()));
          if (!office.isAlive()) {
            throw new IOException("the office has ended: " + e.getMessage(), e);
          }
        }
      }
    } catch (IOException e) {
      if (results.isEmpty() || place.isLeft()) {
        throw e;
      }
      failed.add(String.valueOf(e.getMessage()));
    }
    return results;
  }

  /** One variant's trial and flood; empty where its meters never connected. */
  private Optional<Result> measure(
      Workplace place,
      Optional<Namespaces> namespaces,
      Optional<Wire> wire,
      Peer office,
      Variant variant,
      Path its,
      int port)
      throws IOException, InterruptedException {
    String host = namespaces.isPresent() ? Namespaces.OFFICE : LOOPBACK;
    Result result;
    try (Peer meters =
        meters(place, namespaces.map(Namespaces::amongMeters), office, its, variant, false)) {
      Radio radio = Radio.of(Radio.all(), settings.link().name());
      result =
          new Trial(settings, variant, office, meters, wire, departed, its, radio).run(host, port);
    }
    if (result.get(Figure.METERS).orElse(0.0) < 1) {
      fails(variant, "none of its meters connected within the time for it");
      return Optional.empty();
    }
    if (floods(variant)) {
      try (Peer meters =
          meters(place, namespaces.map(Namespaces::amongOffice), office, its, variant, true)) {
        result.put(Figure.MESSAGES_A_SECOND, flood(meters, host, port));
      } catch (IOException e) {
        fails(variant, "its greatest rate: " + e.getMessage());
      }
      office.ask("notes " + its.resolve("flood.notes"), STARTS);
    }
    return Optional.of(result);
  }

  private void fails(Variant variant, String why) {
    failed.add(variant.name() + ": " + why);
    say("not measured: " + failed.getLast());
  }

  /** Begins a street's process, and ships its meters to the office. */
  private Peer meters(
      Workplace place,
      Optional<List<String>> where,
      Peer office,
      Path folder,
      Variant variant,
      boolean floods)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                folder.resolveSibling("office").toString(),
                folder.toString(),
                variant.name(),
                Integer.toString(settings.meters()),
                Long.toString(settings.every().toMillis())));
    if (floods) {
      arguments.add("flood");
    }
    Peer meters =
        place.employ(
            Peer.start(
                where.orElse(List.of()),
                folder.resolveSibling("meters.log"),
                MetersSide.class,
                arguments.toArray(new String[0])));
    try {
      meters.answer(STARTS);
      String shipped = office.ask("ship " + folder.resolve(MetersSide.SHIPMENT), STARTS);
      if (!shipped.equals("shipped")) {
        throw new IOException("the office takes no shipment: " + shipped);
      }
      if (variant.where(settings.tls()).endsWith(".tls")) {
        String certified =
            office.ask(
                "certify "
                    + folder.resolve(MetersSide.SHIPMENT)
                    + " "
                    + folder.resolve(MetersSide.CERTIFICATES),
                STARTS);
        if (!certified.equals("certified")) {
          throw new IOException("the office gives no certificates: " + certified);
        }
      }
      return meters;
    } catch (IOException | InterruptedException e) {
      meters.close();
      throw e;
    }
  }

  /** The listeners of the office's configuration that are needed. */
  private String listeners() {
    return settings.variants().stream()
        .map(variant -> variant.where(settings.tls()))
        .distinct()
        .collect(Collectors.joining(","));
  }

  private boolean floods(Variant variant) {
    return settings.flood().isPositive() && variant.acknowledged() && variant.carrier().isPresent();
  }

  private double flood(Peer meters, String host, int port)
      throws IOException, InterruptedException {
    String answer =
        meters.ask(
            "flood " + host + " " + port + " " + settings.flood().toSeconds(),
            settings.flood().multipliedBy(2).plus(STARTS));
    return Double.parseDouble(answer.split(" ")[1]);
  }

  private static Map<String, Integer> ports(String ready) {
    Map<String, Integer> ports = new HashMap<>();
    for (String word : ready.split(" ")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        ports.put(word.substring(0, equals), Integer.valueOf(word.substring(equals + 1)));
      }
    }
    return ports;
  }

  private void say(String line) {
    err.println(line);
    err.flush();
  }
}
