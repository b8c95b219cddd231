package org.gridwarden.channel.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.channel.dlms.gate.GateProcess;
import org.gridwarden.core.Action;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Reach;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.Secret;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterServer;
import org.gridwarden.dlms.objects.Clock;
import org.gridwarden.dlms.objects.DisconnectControl;
import org.gridwarden.dlms.objects.Rights;
import org.gridwarden.dlms.security.SecurityContext;
import org.gridwarden.security.KeyWrap;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.GateRecord;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.command.TrustFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A suite-0 meter that verifies no signature, behind a last gate that is a process of its own. */
class LastGateIT {
  private static final MeterId METER = new MeterId("GWS00000007");
  private static final ObisCode BREAKER = ObisCode.parse("0.0.96.3.10.255");
  private static final byte[] GUEK =
      "gate's own key 1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  private static final byte[] GAK =
      "gate's own key 2".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  private static final int ORDER = 0;
  private static final int SEND = 1;
  private static final int WANT = 2;
  private static final int CAME = 3;
  private static final int RECORD = 5;
  private static final int REFUSED = 6;
  private static final int BROKEN = 7;

  @TempDir Path folder;
  private final KeyPair operator = pair();
  private final TestOffice office = new TestOffice();
  private final AtomicInteger moves = new AtomicInteger();
  private DisconnectControl breaker;
  private MeterServer meter;
  private GateProcess gate;
  private Channel channel;
  private Path socket;

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The person who sets the gate up: keys of its meters, and whom it obeys. */
  @BeforeEach
  void provision() throws Exception {
    breaker = new DisconnectControl(BREAKER, connected -> moves.incrementAndGet());
    meter =
        MeterServer.open(
            InetAddress.getLoopbackAddress(), 0, Map.of(1, device()), Duration.ofMinutes(1));
    Path own = folder.resolve("gate");
    OfficeKey keys = OfficeKey.open(own.resolve("keys"));
    Files.writeString(
        own.resolve("meters.csv"),
        "serial,system_title,profile,zone,push_policy,guek,gak\n"
            + METER
            + ",4757530000000007,street,Europe/Zurich,authenticated,"
            + wrapped(keys, GUEK)
            + ","
            + wrapped(keys, GAK)
            + "\n");
    new TrustFolder(own.resolve("operators")).put(operator.getPublic());
    socket = folder.resolve("s").resolve("gate");
    gate = new GateProcess(own, socket);
    assertThat(gate.awaitReady(Duration.ofSeconds(60))).isTrue();

    office.policy = Meter.PushPolicy.PLAIN;
    office.reach = new Reach("127.0.0.1:" + meter.port(), "", "public", "generic");
    channel =
        new DlmsChannelFactory()
            .create(
                Map.of(
                    "patience",
                    "5s",
                    "gate",
                    Map.of(
                        "socket",
                        socket.toString(),
                        "key",
                        own.resolve("gate-key.pub.pem").toString())))
            .getLast();
    channel.start(office.host());
  }

  private static String wrapped(OfficeKey keys, byte[] key) {
    return Base64.getEncoder()
        .encodeToString(KeyWrap.forShipment(keys.publicKey(), new Secret(key)));
  }

  private LogicalDevice device() {
    AtomicLong counter = new AtomicLong();
    DlmsKeys keys = DlmsKeys.of(GUEK, GAK);
    return new LogicalDevice(
        TestOffice.TITLE,
        List.of(
            breaker,
            new Clock(ObisCode.parse("0.0.1.0.0.255"), InstantSource.system(), TestOffice.ZONE)),
        Map.of(
            16,
            ClientAccess.open(Rights.READ_ALL),
            1,
            ClientAccess.gmac(
                () -> SecurityContext.of(TestOffice.TITLE, keys, counter::incrementAndGet),
                Rights.EVERYTHING)));
  }

  @AfterEach
  void stop() throws IOException {
    channel.close();
    gate.close();
    meter.close();
  }

  private static Order order(Action action, Instant from, Instant to) {
    return new Order(new CommandId(UUID.randomUUID()), METER, action, from, to, "olivia");
  }

  private static Order order(Action action) {
    Instant now = Instant.now();
    return order(action, now, now.plusSeconds(600));
  }

  private SignedCommand signed(Order order) throws CommandException {
    return new SignedCommand(order.id(), METER, sign(order, operator));
  }

  private static byte[] sign(Order order, KeyPair by) throws CommandException {
    return Signed.sign(Purpose.ORDER, Signer.of(by), order.bytes()).bytes();
  }

  private Receipt send(SignedCommand command) throws ChannelException, InterruptedException {
    try (MeterSession session = channel.open(METER, Deadline.in(Duration.ofSeconds(20)))) {
      assertThat(session.remembersCommands()).isFalse();
      return session.send(command);
    }
  }

  private GateRecord record(byte[] evidence) throws CommandException, IOException {
    String pem = Files.readString(folder.resolve("gate").resolve("gate-key.pub.pem"));
    return GateRecord.parse(Signed.parse(evidence).open(Purpose.GATE, P256.publicKey(pem)));
  }

  private boolean connected() {
    return breaker.state() == DisconnectControl.State.CONNECTED;
  }

  /** What a hostile head-end does: it speaks to the gate itself. */
  private final class Hostile implements AutoCloseable {
    private final SocketChannel connection = SocketChannel.open(StandardProtocolFamily.UNIX);
    private final DataInputStream in;
    private final DataOutputStream out;

    Hostile() throws IOException {
      connection.connect(UnixDomainSocketAddress.of(socket));
      in = new DataInputStream(Channels.newInputStream(connection));
      out = new DataOutputStream(Channels.newOutputStream(connection));
    }

    void say(int kind, byte[] content) throws IOException {
      out.writeByte(kind);
      out.writeInt(content.length);
      out.write(content);
    }

    int hear() throws IOException {
      int kind = in.readUnsignedByte();
      heard = in.readNBytes(in.readInt());
      return kind;
    }

    private byte[] heard = {};

    @Override
    public void close() throws IOException {
      connection.close();
    }
  }

  @Test
  @DisplayName(
      "C9: from the operator's order the gate makes the command; its signed record is kept")
  void made() throws Exception {
    SignedCommand off = signed(order(new Action.Disconnect()));
    Receipt receipt = send(off);
    assertThat(receipt.state()).isEqualTo(CommandState.CONFIRMED);
    GateRecord record = record(receipt.evidence());
    assertThat(record.id()).isEqualTo(off.id());
    assertThat(record.outcome()).isEqualTo(CommandState.CONFIRMED);
    assertThat(record.answer()).as("the meter's answer, ciphered").isNotEmpty();
    assertThat(connected()).isFalse();
    try (MeterSession session = channel.open(METER, Deadline.in(Duration.ofSeconds(20)))) {
      assertThat(session.look(new Action.Disconnect())).contains(CommandState.CONFIRMED);
    }

    SignedCommand on = signed(order(new Action.Connect()));
    assertThat(record(send(on).evidence()).outcome()).isEqualTo(CommandState.CONFIRMED);
    assertThat(connected()).isTrue();
    assertThat(send(off).evidence()).as("the same again").isEqualTo(receipt.evidence());
    assertThat(connected()).as("and nothing moves").isTrue();
    assertThat(moves).hasValue(2);
    assertThat(record(send(signed(order(new Action.ChangeKeys(List.of())))).evidence()).outcome())
        .isEqualTo(CommandState.REFUSED);
  }

  @Test
  @DisplayName("C9 C10: without an operator's order of now, for this meter, the gate makes no byte")
  void hostile() throws Exception {
    try (Hostile head = new Hostile()) {
      head.say(ORDER, sign(order(new Action.Disconnect()), pair()));
      assertThat(head.hear()).isEqualTo(REFUSED);
    }
    try (Hostile head = new Hostile()) {
      byte[] forged = sign(order(new Action.Disconnect()), operator);
      forged[forged.length - 1] ^= 1;
      head.say(ORDER, forged);
      assertThat(head.hear()).isEqualTo(REFUSED);
    }
    try (Hostile head = new Hostile()) {
      head.say(CAME, new byte[10]);
      assertThatThrownBy(head::hear).isInstanceOf(IOException.class);
    }
    try (Hostile head = new Hostile()) {
      Instant now = Instant.now();
      Order late = order(new Action.Disconnect(), now.minusSeconds(7_200), now.minusSeconds(600));
      head.say(ORDER, sign(late, operator));
      assertThat(head.hear()).isEqualTo(RECORD);
      assertThat(record(head.heard).outcome()).isEqualTo(CommandState.EXPIRED);
    }
    try (Hostile head = new Hostile()) {
      Instant now = Instant.now();
      Order others =
          new Order(
              new CommandId(UUID.randomUUID()),
              new MeterId("GWS00000008"),
              new Action.Disconnect(),
              now,
              now.plusSeconds(60),
              "olivia");
      head.say(ORDER, sign(others, operator));
      assertThat(head.hear()).isEqualTo(RECORD);
      assertThat(record(head.heard).outcome()).isEqualTo(CommandState.REFUSED);
    }
    new TrustFolder(folder.resolve("gate").resolve("operators"))
        .remove(Signed.keyId(operator.getPublic()));
    assertThatThrownBy(() -> send(signed(order(new Action.Disconnect()))))
        .isInstanceOfSatisfying(
            ChannelException.class,
            e -> assertThat(e.fault().code()).isEqualTo(Fault.Code.FORBIDDEN));
    assertThat(connected()).isTrue();
    assertThat(moves).hasValue(0);
  }

  @Test
  @DisplayName(
      "C1: a command held back goes no more once another went, also after the gate was killed")
  void overtaken() throws Exception {
    byte[] held = sign(order(new Action.Disconnect()), operator);
    try (Hostile head = new Hostile()) {
      head.say(ORDER, held);
      assertThat(head.hear()).as("begun, and not carried on").isEqualTo(SEND);
    }
    SignedCommand on = signed(order(new Action.Connect()));
    await()
        .atMost(TestOffice.SOON)
        .ignoreExceptions()
        .until(() -> send(on).state() == CommandState.CONFIRMED);
    killed();
    try (Hostile head = new Hostile()) {
      head.say(ORDER, held);
      assertThat(head.hear()).isEqualTo(RECORD);
      assertThat(record(head.heard).outcome()).isEqualTo(CommandState.REFUSED);
    }
    assertThat(connected()).isTrue();
  }

  @Test
  @DisplayName("a killed gate: the command is in doubt, the meter is read on, and then it goes")
  void killedAmidst() throws Exception {
    Order order = order(new Action.Disconnect());
    try (Hostile head = new Hostile()) {
      head.say(ORDER, sign(order, operator));
      assertThat(head.hear()).isEqualTo(SEND);
      long pid = gate.pid().orElseThrow();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      assertThatThrownBy(
              () -> {
                while (true) {
                  head.hear();
                }
              })
          .isInstanceOfAny(EOFException.class, IOException.class);
    }
    try (MeterSession session = channel.open(METER, Deadline.in(Duration.ofSeconds(20)))) {
      assertThat(session.look(new Action.Disconnect())).isEmpty();
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> send(signed(order)).state() == CommandState.CONFIRMED);
    assertThat(connected()).isFalse();
    assertThat(moves).hasValue(1);
  }

  @Test
  @DisplayName("what goes wrong between gate and meter is told, and the command stays in doubt")
  void broken() throws Exception {
    Order order = order(new Action.Disconnect());
    try (Hostile head = new Hostile()) {
      head.say(ORDER, sign(order, operator));
      assertThat(head.hear()).isEqualTo(SEND);
      assertThat(head.hear()).isEqualTo(WANT);
      head.say(CAME, new byte[] {0x61, 0x00}); // an association response that says nothing
      assertThat(head.hear()).isEqualTo(BROKEN);
      assertThat(head.heard).isNotEmpty();
    }
    assertThat(send(signed(order)).state()).isEqualTo(CommandState.CONFIRMED);
    assertThat(connected()).isFalse();
  }

  private void killed() {
    long pid = gate.pid().orElseThrow();
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> {
          if (gate.pid().orElse(pid) == pid) {
            return false;
          }
          try (Hostile head = new Hostile()) {
            return true;
          }
        });
  }
}
