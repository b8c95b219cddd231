package org.gridwarden.bench.channels;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gridwarden.core.Action;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Intake;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Received;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.security.certificate.CertificatePem;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.command.TrustFolder;
import org.gridwarden.simulator.xmpp.Prosody;

/**
 * The office's process of the test-bed: its channels before one intake and database, and the server
 * that one of them joins. It notes when each message came and when it was stored.
 *
 * <pre>
 * ship FILE           takes in a shipment
 * certify FILE FOLDER gives each meter of a shipment a certificate
 * order METER SECONDS sends an order, answered "ordered METER begun ended STATE"; others go on
 * notes FILE, usage   as {@link Side} has them
 * </pre>
 */
public final class OfficeSide {
  static final String KEY = "office.pem";
  static final String OPERATORS = "operators";

  /** The section of the channel that joins a server of its own, and that server's folder. */
  static final String SERVED = "xmpp";

  static final String SERVER = "prosody";

  /** The root of the office's certificates. */
  static final String ROOT = "root.pem";

  private final Side side = new Side();
  private final KeyPair operator;

  private OfficeSide() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    operator = generator.generateKeyPair();
  }

  /**
   * Begins.
   *
   * @param args its folder, the address it listens at, and the channels' listeners, as {@code
   *     section.listener}, with commas
   */
  public static void main(String[] args) throws Exception {
    int code = 1;
    try {
      new OfficeSide().run(Path.of(args[0]), args[1], Set.of(args[2].split(",")));
      code = 0;
    } catch (Exception | Error e) { // whoever asks must not wait for an answer that cannot come
      e.printStackTrace();
    }
    System.exit(code); // whoever still waits for an order's answer is no reason to stay
  }

  private void run(Path folder, String address, Set<String> wanted) throws Exception {
    Files.createDirectories(folder);
    new TrustFolder(folder.resolve(OPERATORS)).put(operator.getPublic());
    Map<String, Map<String, Object>> sections = sections(address, wanted);
    if (wanted.stream().anyMatch(where -> where.startsWith(SERVED + "."))) {
      try (Prosody prosody = Prosody.start(folder.resolve(SERVER), address, 0)) {
        sections.put(SERVED, prosody.section());
        run(folder, sections, wanted, Optional.of(prosody));
      }
    } else {
      run(folder, sections, wanted, Optional.empty());
    }
  }

  private void run(
      Path folder,
      Map<String, Map<String, Object>> sections,
      Set<String> wanted,
      Optional<Prosody> prosody)
      throws Exception {
    OfficeCertificates certificates = new OfficeCertificates(folder);
    try (ChannelOffice office =
        ChannelOffice.open(folder, InstantSource.system(), sections, this::watch, certificates)) {
      // who ends the command ends this, and its database must not stay
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> end(office, certificates, prosody), "office"));
      Files.writeString(
          folder.resolve(KEY),
          CertificatePem.block("PUBLIC KEY", office.officeKey().getEncoded()),
          StandardCharsets.US_ASCII);
      side.say(
          "ready "
              + wanted.stream()
                  .map(where -> where + "=" + port(office, prosody, where))
                  .collect(Collectors.joining(" ")));
      side.serve(words ->
          switch (words.getFirst()) {
            case "ship" -> {
              office.ship(Path.of(words.get(1)));
              yield "shipped";
            }
            case "certify" -> {
              certificates.hand(office.store(), Path.of(words.get(1)), Path.of(words.get(2)));
              yield "certified";
            }
            case "order" -> {
              Thread.ofVirtual()
                  .start(() ->
                      order(office, new MeterId(words.get(1)), Integer.parseInt(words.get(2))));
              yield "ordering";
            }
            default -> "unknown";
          });
    }
  }

  private static void end(
      ChannelOffice office, OfficeCertificates certificates, Optional<Prosody> prosody) {
    office.close();
    certificates.close();
    prosody.ifPresent(Prosody::close);
  }

  private static int port(ChannelOffice office, Optional<Prosody> prosody, String where) {
    String[] parts = where.split("\\.");
    if (parts[0].equals(SERVED) && prosody.isPresent()) {
      return prosody.get().clients();
    }
    return office.port(parts[0], parts[1]);
  }

  private static Map<String, Map<String, Object>> sections(String address, Set<String> wanted) {
    Map<String, Map<String, Object>> sections = new HashMap<>();
    for (String where : wanted) {
      String[] parts = where.split("\\.");
      if (!parts[0].equals(SERVED)) {
        sections
            .computeIfAbsent(parts[0], s -> new HashMap<>())
            .put(parts[1], Map.of("bind", address, "port", 0));
      }
    }
    sections.computeIfPresent(
        Variant.DLMS,
        (name, section) -> {
          section.put("patience", "60s");
          return section;
        });
    return sections;
  }

  private Intake watch(Intake intake) {
    return message -> {
      long came = System.nanoTime();
      CompletionStage<Intake.Outcome> outcome = intake.submit(message);
      return outcome.thenApply(what -> {
        note(message, came, what);
        return what;
      });
    };
  }

  private void note(Received message, long came, Intake.Outcome what) {
    side.note(
        Stream.of(
                message.id().meter(),
                message.id().counter(),
                came,
                System.nanoTime(),
                what.getClass().getSimpleName())
            .map(String::valueOf)
            .collect(Collectors.joining(",")));
  }

  private void order(ChannelOffice office, MeterId meter, int seconds) {
    long begun = System.nanoTime();
    String state = "UNREACHED";
    try {
      Optional<Channel> way = office.reaching(meter);
      if (way.isPresent()) {
        try (MeterSession session =
            way.get().open(meter, Deadline.in(Duration.ofSeconds(seconds)))) {
          state = session.send(signed(meter)).state().name();
        }
      }
    } catch (ChannelException e) {
      state = e.fault().code().name();
    } catch (Exception e) {
      state = "FAILED";
    }
    side.say("ordered " + meter + " " + begun + " " + System.nanoTime() + " " + state);
  }

  private SignedCommand signed(MeterId meter) throws Exception {
    Instant now = Instant.now();
    Order order =
        new Order(
            new CommandId(UUID.randomUUID()),
            meter,
            new Action.SetPrice(250_000, "CHF", now),
            now,
            now.plus(Duration.ofMinutes(10)),
            "olivia");
    return new SignedCommand(
        order.id(), meter, Signed.sign(Purpose.ORDER, Signer.of(operator), order.bytes()).bytes());
  }
}
