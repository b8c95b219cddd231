package org.gridwarden.channel.zigbee;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.gridwarden.core.Action;
import org.gridwarden.core.Channel;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.MessageStreet;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.simulator.zigbee.StreetValues;
import org.gridwarden.simulator.zigbee.ZigbeeCarrier;
import org.gridwarden.simulator.zigbee.ZigbeeModel;

/** A model of a street on a pseudo-terminal, and all that an office needs for it. */
final class StreetBench implements AutoCloseable {
  final Path folder;
  final Socat line;
  final MessageStreet street;
  final ZigbeeModel model;
  final KeyPair operator;
  final String type;
  final InstantSource clock = InstantSource.system();

  /** What sits between the model and its serial line. */
  interface Wire {
    InputStream in(InputStream in);

    OutputStream out(OutputStream out);

    Wire PLAIN =
        new Wire() {
          @Override
          public InputStream in(InputStream in) {
            return in;
          }

          @Override
          public OutputStream out(OutputStream out) {
            return out;
          }
        };
  }

  StreetBench(Path folder, int meters, Duration every, ZigbeeModel.Layout layout, Wire wire)
      throws Exception {
    this(folder, meters, every, layout, wire, "ezsp");
  }

  StreetBench(
      Path folder, int meters, Duration every, ZigbeeModel.Layout layout, Wire wire, String type)
      throws Exception {
    this.type = type;
    this.folder = folder;
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    operator = generator.generateKeyPair();
    Path operators = Files.createDirectories(folder.resolve("operators"));
    Files.writeString(
        operators.resolve(HexFormat.of().formatHex(Signed.keyId(operator.getPublic())) + ".pem"),
        P256.pem(operator.getPublic()));
    street =
        MessageStreet.of(
            StreetSettings.of(meters).withSeed(7).withEvery(every).withOperators(operators),
            Households.load(),
            clock);
    model = new ZigbeeModel(7, layout, type.equals("xbee"));
    for (int i = 1; i <= meters; i++) {
      model.add(street.serials().get(i - 1), new StreetValues(street, i));
    }
    line = Socat.open(folder);
    model.plug(
        wire.in(Files.newInputStream(line.meter())), wire.out(Files.newOutputStream(line.meter())));
  }

  Path coordinator() {
    return folder.resolve("coordinator");
  }

  ZigbeeChannel channel(Duration report) {
    Map<String, Object> settings =
        Map.of(
            "coordinators",
            List.of(
                Map.of(
                    "port",
                    line.office().toString(),
                    "folder",
                    coordinator().toString(),
                    "type",
                    type,
                    "speed",
                    115_200)),
            "report",
            report.toSeconds() + "s");
    return (ZigbeeChannel) new ZigbeeChannelFactory().create(settings).getFirst();
  }

  /** Waits until the dongle's network is up, lets all meters in, and waits until they are. */
  void letAllIn(Channel channel) throws IOException {
    await()
        .atMost(TestOffice.LONG)
        .until(() -> channel.health().state() == org.gridwarden.core.Health.State.UP);
    List<Admissions.Guest> guests = new ArrayList<>();
    for (int i = 1; i <= street.serials().size(); i++) {
      guests.add(
          new Admissions.Guest(
              ZigbeeModel.name(model.eui64(i)),
              HexFormat.of().formatHex(model.installCode(i)),
              street.serials().get(i - 1)));
    }
    Admissions.post(coordinator(), guests, Duration.ofSeconds(200));
    model.joinAll();
  }

  /** Sets the meters to work at their tunnels. */
  void start() {
    street.start(new ZigbeeCarrier(model));
  }

  /** A command, signed by the operator, and what became of it. */
  CommandState command(Channel channel, String meter, Action action, int number) throws Exception {
    MeterId to = new MeterId(meter);
    CommandId id = new CommandId(new UUID(5, number));
    Order order =
        new Order(id, to, action, clock.instant(), clock.instant().plusSeconds(120), "olga");
    byte[] signed = Signed.sign(Purpose.ORDER, Signer.of(operator), order.bytes()).bytes();
    try (var session = channel.open(to, Deadline.in(TestOffice.LONG))) {
      return session.send(new SignedCommand(id, to, signed)).state();
    }
  }

  @Override
  public void close() throws IOException {
    street.close();
    model.close();
    line.close();
  }
}
