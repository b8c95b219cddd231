package org.gridwarden.bench.channels;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.gridwarden.simulator.Dress;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.MessageStreet;
import org.gridwarden.simulator.MeterCertificates;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetProbe;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.simulator.channels.MeterChannel;
import org.gridwarden.simulator.xmpp.Prosody;

/**
 * The meters' process of the test-bed: a street on one channel. It notes when each message was sent
 * and acknowledged and when orders came.
 *
 * <pre>
 * connect HOST PORT SECONDS  opens all meters' ways, tells nothing yet: "connected N NANOS,NANOS…", how long
 *                            each of the N took
 * go                         they begin to tell, spread over the time between two messages
 * flood HOST PORT SECONDS    they tell as fast as they are acknowledged: "flooded MESSAGES/S"
 * notes FILE, usage          as {@link Side} has them
 * </pre>
 */
public final class MetersSide {
  static final String SHIPMENT = "shipment.csv";

  /** The folder of the meters' certificates, which is there where they are to speak TLS. */
  static final String CERTIFICATES = "certificates";

  private final Side side = new Side();
  private final Variant variant;
  private final int meters;
  private final Duration every;
  private final CountDownLatch open;
  private final CountDownLatch go = new CountDownLatch(1);
  private final Queue<Long> openings = new ConcurrentLinkedQueue<>();
  private volatile long begun;
  private final int first;

  private MetersSide(Variant variant, int meters, Duration every, boolean floods) {
    int place = Variant.all().stream().map(Variant::name).toList().indexOf(variant.name());
    this.first = (1 + place) * 100_000 + (floods ? 50_000 : 0);
    this.variant = variant;
    this.meters = meters;
    this.every = every;
    this.open = new CountDownLatch(meters);
  }

  /**
   * Begins.
   *
   * @param args the office's folder, its own, the variant's name, how many meters, and the
   *     milliseconds between two messages of one; a sixth where they are to flood
   */
  public static void main(String[] args) throws Exception {
    Variant variant = Variant.of(args[2]).orElseThrow(() -> new IllegalArgumentException(args[2]));
    new MetersSide(
            variant,
            Integer.parseInt(args[3]),
            Duration.ofMillis(Long.parseLong(args[4])),
            args.length > 5)
        .run(Path.of(args[0]), Path.of(args[1]));
    System.exit(0);
  }

  private void run(Path office, Path folder) throws Exception {
    StreetSettings settings =
        StreetSettings.of(meters)
            .withHistory(Duration.ZERO)
            .withEvery(every)
            .withOperators(office.resolve(OfficeSide.OPERATORS));
    PublicKey key = key(office.resolve(OfficeSide.KEY));
    Path shipment = folder.resolve(SHIPMENT);
    if (variant.carrier().isEmpty()) {
      try (Street street = Street.of(settings, Households.load(), InstantSource.system())) {
        street.writeShipment(shipment, key);
        serve(
            where -> street.start(where, certificates(office, folder), new Notes(street.serials())),
            (where, lasting) -> 0.0);
      }
    } else {
      var carrier = variant.carrier().get();
      try (MessageStreet street =
          MessageStreet.of(settings, Households.load(), InstantSource.system(), first)
              .tellingAll()) {
        street.writeShipment(shipment, key);
        serve(
            where ->
                street.start(
                    carrier.apply(target(office, folder, where), every),
                    new Notes(street.serials())),
            (where, lasting) ->
                new Flood(
                        street,
                        carrier.apply(target(office, folder, where), every),
                        InstantSource.system().instant())
                    .run(meters, lasting));
      }
    }
  }

  private MeterChannel.Target target(Path office, Path folder, InetSocketAddress where)
      throws IOException {
    if (variant.section().equals(OfficeSide.SERVED)) {
      return MeterChannel.Target.joined(
          where, Prosody.certificate(office.resolve(OfficeSide.SERVER)));
    }
    return MeterChannel.Target.dressed(
        where, certificates(office, folder).map(MeterCertificates::dress).orElse(Dress.NONE));
  }

  private static Optional<MeterCertificates> certificates(Path office, Path folder)
      throws IOException {
    Path its = folder.resolve(CERTIFICATES);
    return Files.isDirectory(its)
        ? Optional.of(MeterCertificates.handed(office.resolve(OfficeSide.ROOT), its))
        : Optional.empty();
  }

  private interface Start {
    void at(InetSocketAddress office) throws IOException;
  }

  private interface Flooding {
    double run(InetSocketAddress office, Duration lasting) throws IOException, InterruptedException;
  }

  private static InetSocketAddress where(List<String> words) {
    return new InetSocketAddress(words.get(1), Integer.parseInt(words.get(2)));
  }

  private void serve(Start start, Flooding flood) throws Exception {
    side.say("ready");
    side.serve(words ->
        switch (words.getFirst()) {
          case "connect" -> {
            begun = System.nanoTime();
            start.at(where(words));
            var unused = open.await(Long.parseLong(words.get(3)), TimeUnit.SECONDS);
            List<String> took = openings.stream().map(String::valueOf).toList();
            yield "connected " + took.size() + " " + String.join(",", took);
          }
          case "go" -> {
            go.countDown();
            yield "going";
          }
          case "flood" ->
              "flooded "
                  + flood.run(where(words), Duration.ofSeconds(Long.parseLong(words.get(3))));
          default -> "unknown";
        });
  }

  private static PublicKey key(Path pem) throws IOException {
    try {
      String text = Files.readString(pem).replaceAll("-----[A-Z ]+-----", "").strip();
      return KeyFactory.getInstance("RSA")
          .generatePublic(new X509EncodedKeySpec(java.util.Base64.getMimeDecoder().decode(text)));
    } catch (java.security.GeneralSecurityException e) {
      throw new IOException(pem + " is no public key", e);
    }
  }

  /** Notes what the street does, and keeps it waiting until it may begin. */
  private final class Notes implements StreetProbe {
    private final List<String> serials;

    Notes(List<String> serials) {
      this.serials = serials;
    }

    @Override
    public void opened(String serial) throws InterruptedException {
      if (go.getCount() > 0) {
        openings.add(System.nanoTime() - begun);
        open.countDown();
        go.await();
        // the meters of a network do not speak all at once
        Thread.sleep(every.toMillis() * serials.indexOf(serial) / serials.size());
      } else {
        note("reopened", serial, 0, 0, 0);
      }
    }

    @Override
    public void sending(String serial, long counter, int plain, int sealed) {
      note("sent", serial, counter, plain, sealed);
    }

    @Override
    public void confirmed(String serial, long counter) {
      note("confirmed", serial, counter, 0, 0);
    }

    @Override
    public void ordered(String serial) {
      note("ordered", serial, 0, 0, 0);
    }

    private void note(String what, String serial, long counter, int plain, int sealed) {
      side.note(
          what
              + ","
              + serial
              + ","
              + counter
              + ","
              + System.nanoTime()
              + ","
              + plain
              + ","
              + sealed);
    }
  }
}
