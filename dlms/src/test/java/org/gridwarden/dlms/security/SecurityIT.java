package org.gridwarden.dlms.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.GeneralSigning;
import org.gridwarden.dlms.HlsExchange;
import org.gridwarden.dlms.HlsProver;
import org.gridwarden.dlms.KeyUse;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.WrapperLink;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterServer;
import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.Rights;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Our client with our meter, with every mechanism, suite and form of protection. */
class SecurityIT {
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.8.0.255");
  private static final AttributeRef VALUE = new AttributeRef(3, ENERGY, 2);
  private static final MethodRef RESET = new MethodRef(3, ENERGY, 1);
  private static final int CLIENT = 20;
  private static final byte[] PASSWORD = "12345678".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] METER_TITLE = {'G', 'W', 'M', 0, 0, 0, 0, 1};
  private static final byte[] CLIENT_TITLE = {'G', 'W', 'C', 0, 0, 0, 0, 1};

  private final AtomicBoolean reset = new AtomicBoolean();
  private final AtomicLong meterCounter = new AtomicLong();
  private final AtomicLong clientCounter = new AtomicLong();

  /** Both sides of one security context. */
  private record Sides(SecurityContext client, SecurityContext meter) {}

  private static byte[] key(SecuritySuite suite, int filling) {
    byte[] key = new byte[suite.keyLength()];
    Arrays.fill(key, (byte) filling);
    return key;
  }

  private KeyRing ring(SecuritySuite suite, AtomicLong counter) {
    DlmsKeys keys = DlmsKeys.of(key(suite, 1), key(suite, 2)).withBroadcast(key(suite, 3));
    return new KeyRing(
        KeyGeneration.of(
                keys,
                new KeyCounters(counter::incrementAndGet, CounterMemory.inMemory()),
                new KeyCounters(counter::incrementAndGet, CounterMemory.inMemory()))
            .withMaster(key(suite, 4)),
        KeyRing.Store.inMemory());
  }

  private Sides sides(SecuritySuite suite) {
    SecurityContext client =
        SecurityContext.of(CLIENT_TITLE, ring(suite, clientCounter)).withSuite(suite);
    SecurityContext meter =
        SecurityContext.of(METER_TITLE, ring(suite, meterCounter)).withSuite(suite);
    if (suite.curve().isEmpty()) {
      return new Sides(client, meter);
    }
    EllipticCurve curve = suite.curve().get();
    KeyPair clientSigning = curve.generate();
    KeyPair clientAgreement = curve.generate();
    KeyPair meterSigning = curve.generate();
    KeyPair meterAgreement = curve.generate();
    return new Sides(
        client
            .withPairs(pairs(clientSigning, clientAgreement, meterSigning, meterAgreement))
            .withPeer(METER_TITLE),
        meter.withPairs(pairs(meterSigning, meterAgreement, clientSigning, clientAgreement)));
  }

  private static AsymmetricKeys pairs(
      KeyPair signing, KeyPair agreement, KeyPair peerSigning, KeyPair peerAgreement) {
    return new AsymmetricKeys(
        Optional.of((ECPrivateKey) signing.getPrivate()),
        Optional.of((ECPrivateKey) agreement.getPrivate()),
        Optional.of((ECPublicKey) peerSigning.getPublic()),
        Optional.of((ECPublicKey) peerAgreement.getPublic()));
  }

  private LogicalDevice device(ClientAccess access) {
    CosemObject register =
        new CosemObject() {
          @Override
          public Identity identity() {
            return new Identity(3, 0, ENERGY, 3, 1);
          }

          @Override
          public Outcome get(int attribute, Optional<Selection> selection) {
            return new Outcome.Value(
                attribute == 2
                    ? new DlmsData.DoubleLongUnsigned(12_345)
                    : DlmsData.Structure.of(
                        new DlmsData.Integer8(0), new DlmsData.Enumerated(Unit.WATT_HOUR.code())));
          }

          @Override
          public Service.Invoked invoke(int method, Optional<DlmsData> parameters) {
            reset.set(true);
            return new Service.Invoked(AccessResult.SUCCESS, Optional.empty());
          }
        };
    return new LogicalDevice(METER_TITLE, List.of(register), Map.of(CLIENT, access));
  }

  private static void works(Association meter, AtomicBoolean reset) throws Exception {
    assertThat(meter.get(VALUE))
        .isEqualTo(new Outcome.Value(new DlmsData.DoubleLongUnsigned(12_345)));
    reset.set(false);
    assertThat(meter.action(RESET, Optional.of(new DlmsData.Integer8(0))).result())
        .isEqualTo(AccessResult.SUCCESS);
    assertThat(reset.get()).isTrue();
  }

  // --- mechanisms

  /** A manufacturer's own: the challenge backwards, each byte turned by a secret. */
  private static HlsProver manufacturers() {
    return new HlsProver() {
      @Override
      public Acse.Mechanism mechanism() {
        return Acse.Mechanism.HLS_MANUFACTURER;
      }

      @Override
      public byte[] prove(HlsExchange exchange) {
        byte[] challenge = exchange.peerChallenge().bytes();
        byte[] answer = new byte[challenge.length];
        for (int i = 0; i < answer.length; i++) {
          answer[i] = (byte) (challenge[challenge.length - 1 - i] ^ 0x5C);
        }
        return answer;
      }

      @Override
      public void check(byte[] proof, HlsExchange exchange) throws DlmsException {
        if (!java.security.MessageDigest.isEqual(prove(exchange.reversed()), proof)) {
          throw new DlmsException(DlmsException.Kind.UNAUTHENTICATED, 0, "no");
        }
      }
    };
  }

  private static Stream<Arguments> mechanisms() {
    List<Arguments> all = new ArrayList<>();
    for (Acse.Mechanism mechanism : Acse.Mechanism.values()) {
      for (SecuritySuite suite : SecuritySuite.values()) {
        if (mechanism != Acse.Mechanism.HLS_ECDSA || suite != SecuritySuite.SUITE_0) {
          all.add(Arguments.of(mechanism, suite, true));
          all.add(Arguments.of(mechanism, suite, false));
        }
      }
    }
    return all.stream();
  }

  private record Opened(AssociationRequest request, ClientAccess access) {}

  private static Opened opened(
      Acse.Mechanism mechanism, SecuritySuite suite, boolean ciphered, Sides sides) {
    Opened plain =
        switch (mechanism) {
          case NONE -> new Opened(AssociationRequest.open(), ClientAccess.open(Rights.EVERYTHING));
          case LLS ->
              new Opened(
                  AssociationRequest.password(PASSWORD),
                  ClientAccess.password(PASSWORD, Rights.EVERYTHING));
          case HLS_MANUFACTURER -> high(manufacturers(), manufacturers());
          case HLS_MD5 -> high(Hls.md5(PASSWORD), Hls.md5(PASSWORD));
          case HLS_SHA1 -> high(Hls.sha1(PASSWORD), Hls.sha1(PASSWORD));
          case HLS_SHA256 -> high(Hls.sha256(PASSWORD), Hls.sha256(PASSWORD));
          case HLS_GMAC ->
              new Opened(
                  AssociationRequest.gmac(sides.client),
                  ClientAccess.gmac(sides::meter, Rights.EVERYTHING));
          case HLS_ECDSA -> high(ecdsa(suite, sides.client), ecdsa(suite, sides.meter));
        };
    if (!ciphered) {
      return new Opened(
          plain.request.unciphered().withTitle(CLIENT_TITLE), plain.access.unciphered());
    }
    return new Opened(plain.request.ciphered(sides.client), plain.access.ciphered(sides::meter));
  }

  private static Opened high(HlsProver client, HlsProver meter) {
    return new Opened(
        AssociationRequest.high(client),
        ClientAccess.high(meter.mechanism(), () -> meter, Rights.EVERYTHING));
  }

  private static HlsProver ecdsa(SecuritySuite suite, SecurityContext side) {
    return Hls.ecdsa(
        suite, side.pairs().signing().orElseThrow(), side.pairs().peerSigning().orElseThrow());
  }

  @ParameterizedTest
  @MethodSource("mechanisms")
  @DisplayName("every mechanism, ciphered and in the clear, in every suite, over TCP")
  void everyMechanism(Acse.Mechanism mechanism, SecuritySuite suite, boolean ciphered)
      throws Exception {
    Opened opened = opened(mechanism, suite, ciphered, sides(suite));
    try (MeterServer server =
        MeterServer.open(
            InetAddress.getLoopbackAddress(),
            0,
            Map.of(1, device(opened.access)),
            Duration.ofSeconds(20))) {
      for (int i = 0; i < 2; i++) {
        try (Association meter =
            Association.open(
                WrapperLink.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
                    CLIENT,
                    1,
                    Duration.ofSeconds(5)),
                opened.request)) {
          works(meter, reset);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("mechanisms")
  @DisplayName("C7: who is to associate with one mechanism gets in with no other one")
  void otherMechanisms(Acse.Mechanism mechanism, SecuritySuite suite, boolean ciphered) {
    Sides sides = sides(suite);
    LogicalDevice device = device(opened(mechanism, suite, ciphered, sides).access);
    for (Acse.Mechanism other : Acse.Mechanism.values()) {
      if (other == mechanism
          || (other == Acse.Mechanism.HLS_ECDSA && suite == SecuritySuite.SUITE_0)) {
        continue;
      }
      assertThatThrownBy(() ->
              Association.open(
                  new Wire(device, CLIENT), opened(other, suite, ciphered, sides).request))
          .as(other.toString())
          .isInstanceOf(AssociationRefused.class);
    }
    // in the clear where it is to be ciphered, and the other way round
    assertThatThrownBy(() ->
            Association.open(
                new Wire(device, CLIENT), opened(mechanism, suite, !ciphered, sides).request))
        .isInstanceOf(AssociationRefused.class);
  }

  // --- forms

  private static Stream<Arguments> forms() {
    List<Arguments> all = new ArrayList<>();
    for (SecuritySuite suite : SecuritySuite.values()) {
      List<Carrier> carriers =
          new ArrayList<>(
              List.of(
                  Carrier.global(),
                  new Carrier.Service(true),
                  new Carrier.General(false),
                  new Carrier.General(true)));
      for (Carrier.GeneralCiphering how : Carrier.GeneralCiphering.values()) {
        boolean agreed =
            how == Carrier.GeneralCiphering.ONE_PASS || how == Carrier.GeneralCiphering.STATIC;
        if (!agreed || suite != SecuritySuite.SUITE_0) {
          carriers.add(how);
        }
      }
      for (Carrier carrier : carriers) {
        all.add(Arguments.of(suite, carrier, Optional.empty()));
        if (suite != SecuritySuite.SUITE_0) {
          all.add(Arguments.of(suite, carrier, Optional.of(SecurityContext.Signing.INSIDE)));
          all.add(Arguments.of(suite, carrier, Optional.of(SecurityContext.Signing.OUTSIDE)));
        }
      }
    }
    return all.stream();
  }

  private Sides formed(
      SecuritySuite suite, Carrier carrier, Optional<SecurityContext.Signing> signing) {
    Sides sides = sides(suite);
    SecurityContext client = sides.client.withPeer(METER_TITLE).carriedBy(carrier);
    SecurityContext meter = sides.meter;
    if (carrier == Carrier.GeneralCiphering.BROADCAST) {
      meter = meter.carriedBy(carrier);
    }
    if (signing.isPresent()) {
      SecurityPolicy all = SecurityPolicy.of(true, true, true);
      client = client.withPolicy(all).signing(signing.get());
      meter = meter.withPolicy(all).signing(signing.get());
    }
    return new Sides(client, meter);
  }

  @ParameterizedTest
  @MethodSource("forms")
  @DisplayName("every form of protected APDUs, with a signature inside, outside, or none")
  void everyForm(SecuritySuite suite, Carrier carrier, Optional<SecurityContext.Signing> signing)
      throws Exception {
    Sides sides = formed(suite, carrier, signing);
    Wire wire = new Wire(device(ClientAccess.gmac(sides::meter, Rights.EVERYTHING)), CLIENT);
    try (Association meter = Association.open(wire, AssociationRequest.gmac(sides.client))) {
      works(meter, reset);
      for (byte[] bytes : List.of(wire.requests.getLast(), wire.responses.getLast())) {
        Apdu apdu = Apdus.decode(bytes);
        if (signing.equals(Optional.of(SecurityContext.Signing.OUTSIDE))) {
          assertThat(apdu).isInstanceOf(GeneralSigning.class);
        } else if (carrier instanceof Carrier.GeneralCiphering) {
          assertThat(apdu).isInstanceOf(Apdu.GeneralCiphering.class);
        } else {
          boolean general = carrier instanceof Carrier.General || signing.isPresent();
          assertThat(apdu)
              .isInstanceOfSatisfying(
                  Apdu.Ciphered.class,
                  c -> {
                    assertThat(c.dedicated()).isEqualTo(carrier.usesDedicatedKey());
                    assertThat(c.systemTitle().length > 0).isEqualTo(general);
                    assertThat(c.control().suite()).isEqualTo(suite.number());
                    assertThat(c.control().authenticated()).isTrue();
                    assertThat(c.control().encrypted()).isTrue();
                  });
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  @DisplayName("C1, C6: what is sent twice or with a flipped bit does nothing, in every form")
  void replayAndFlips(
      SecuritySuite suite, Carrier carrier, Optional<SecurityContext.Signing> signing)
      throws Exception {
    Sides sides = formed(suite, carrier, signing);
    LogicalDevice device = device(ClientAccess.gmac(sides::meter, Rights.EVERYTHING));
    Wire wire = new Wire(device, CLIENT);
    try (Association meter = Association.open(wire, AssociationRequest.gmac(sides.client))) {
      works(meter, reset);
      byte[] command = wire.requests.getLast();
      byte[] answer = wire.responses.getLast();
      reset.set(false);
      assertThat(refused(wire.answer(command.clone()))).isTrue();
      for (int at = 0; at < command.length; at++) {
        byte[] bad = command.clone();
        bad[at] ^= (byte) (1 << at % 8);
        wire.answer(bad);
        if (bad[0] != command[0] && bad[0] == 0x60) {
          throw new AssertionError("not meant to ask for an association");
        }
      }
      assertThat(reset.get()).isFalse();
      // the association goes on
      works(meter, reset);
      // and an old answer is not taken for a new one
      wire.towardsClient = _ -> answer.clone();
      assertThatThrownBy(() -> meter.get(VALUE)).isInstanceOf(DlmsException.class);
    }
  }

  private static boolean refused(List<byte[]> answers) throws DlmsException {
    return Apdus.decode(answers.getFirst()) instanceof Service.ExceptionResponse;
  }

  @Test
  @DisplayName("C1: a whole association that is played again is refused from its first APDU on")
  void replayedAssociation() throws Exception {
    Sides sides = sides(SecuritySuite.SUITE_0);
    LogicalDevice device = device(ClientAccess.gmac(sides::meter, Rights.EVERYTHING));
    Wire wire = new Wire(device, CLIENT);
    try (Association meter = Association.open(wire, AssociationRequest.gmac(sides.client))) {
      works(meter, reset);
    }
    reset.set(false);
    Wire attacker = new Wire(device, CLIENT);
    for (byte[] request : wire.requests) {
      Apdu answer = Apdus.decode(attacker.answer(request).getFirst());
      if (answer instanceof Acse.Aare aare) {
        assertThat(aare.result()).isEqualTo(Acse.Aare.REJECTED);
      }
    }
    assertThat(reset.get()).isFalse();
  }

  // --- downgrade

  private static final List<SecurityPolicy> WEAKER =
      List.of(
          SecurityPolicy.NOTHING,
          SecurityPolicy.of(true, false, false),
          SecurityPolicy.of(false, true, false));

  @ParameterizedTest
  @EnumSource
  @DisplayName("C7: less protection than the policy asks for is refused by either side")
  void lessProtection(SecuritySuite suite) throws Exception {
    for (SecurityPolicy weaker : WEAKER) {
      Sides sides = sides(suite);
      LogicalDevice strict = device(ClientAccess.gmac(sides::meter, Rights.EVERYTHING));
      assertThatThrownBy(() ->
              Association.open(
                  new Wire(strict, CLIENT),
                  AssociationRequest.gmac(sides.client.withPolicy(weaker))))
          .isInstanceOf(AssociationRefused.class);
      // a client that asks the meter for all: the meter's answers are what the question was
      Supplier<SecurityContext> lax = () -> sides.meter.withPolicy(weaker);
      try (Association meter =
          Association.open(
              new Wire(device(ClientAccess.gmac(lax, Rights.EVERYTHING)), CLIENT),
              AssociationRequest.gmac(sides.client))) {
        works(meter, reset);
      }
    }
    if (suite != SecuritySuite.SUITE_0) {
      Sides sides = sides(suite);
      SecurityPolicy signed = SecurityPolicy.of(true, true, true);
      Supplier<SecurityContext> strict = () -> sides.meter.withPolicy(signed);
      assertThatThrownBy(() ->
              Association.open(
                  new Wire(device(ClientAccess.gmac(strict, Rights.EVERYTHING)), CLIENT),
                  AssociationRequest.gmac(sides.client)))
          .isInstanceOf(AssociationRefused.class);
    }
  }

  @Test
  @DisplayName("C7: another suite, with the same keys, is refused")
  void otherSuite() {
    Sides zero = sides(SecuritySuite.SUITE_0);
    for (boolean down : new boolean[] {true, false}) {
      SecuritySuite ofClient = down ? SecuritySuite.SUITE_0 : SecuritySuite.SUITE_1;
      SecuritySuite ofMeter = down ? SecuritySuite.SUITE_1 : SecuritySuite.SUITE_0;
      Supplier<SecurityContext> meter = () -> zero.meter.withSuite(ofMeter);
      assertThatThrownBy(() ->
              Association.open(
                  new Wire(device(ClientAccess.gmac(meter, Rights.EVERYTHING)), CLIENT),
                  AssociationRequest.gmac(zero.client.withSuite(ofClient))))
          .isInstanceOf(AssociationRefused.class);
    }
  }

  @Test
  @DisplayName("C7: an answer in the clear, or under the broadcast key, is not taken")
  void answersInTheClear() throws Exception {
    Sides sides = sides(SecuritySuite.SUITE_0);
    Wire wire = new Wire(device(ClientAccess.gmac(sides::meter, Rights.EVERYTHING)), CLIENT);
    try (Association meter = Association.open(wire, AssociationRequest.gmac(sides.client))) {
      wire.towardsClient =
          _ ->
              Apdus.encode(
                  new Service.GotNormal(
                      0xC1, new Outcome.Value(new DlmsData.DoubleLongUnsigned(1))));
      assertThatThrownBy(() -> meter.get(VALUE))
          .isInstanceOf(DlmsException.class)
          .hasMessageContaining("less than was agreed");
    }
    assertThat(
            refused(
                wire.answer(Apdus.encode(new Service.ActionNormal(0xC1, RESET, Optional.empty())))))
        .isTrue();
    assertThat(reset.get()).isFalse();
  }

  @Test
  @DisplayName("a client's own request, sent back to it, is not taken for an answer")
  void reflection() throws Exception {
    Sides sides = sides(SecuritySuite.SUITE_0);
    for (Carrier carrier : List.of(Carrier.global(), new Carrier.General(false))) {
      Wire wire = new Wire(device(ClientAccess.gmac(sides::meter, Rights.EVERYTHING)), CLIENT);
      try (Association meter =
          Association.open(wire, AssociationRequest.gmac(sides.client.carriedBy(carrier)))) {
        wire.towardsClient = _ -> wire.requests.getLast().clone();
        assertThatThrownBy(() -> meter.get(VALUE)).isInstanceOf(DlmsException.class);
      }
    }
    // a meter that says it is the client
    Wire wire = new Wire(device(ClientAccess.gmac(sides::meter, Rights.EVERYTHING)), CLIENT);
    wire.towardsClient =
        bytes -> {
          for (int i = 0; i + 8 <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + 8, METER_TITLE, 0, 8)) {
              System.arraycopy(CLIENT_TITLE, 0, bytes, i, 8);
            }
          }
          return bytes;
        };
    assertThatThrownBy(() -> Association.open(wire, AssociationRequest.gmac(sides.client)))
        .isInstanceOf(DlmsException.class);
  }

  // --- counters

  @ParameterizedTest
  @EnumSource
  @DisplayName("C4: near 2^32 sending stops, and says that the key must be changed")
  void exhausted(SecuritySuite suite) throws Exception {
    Sides sides = sides(suite);
    clientCounter.set(0xFFFF_FFFFL - 4);
    Wire wire = new Wire(device(ClientAccess.gmac(sides::meter, Rights.EVERYTHING)), CLIENT);
    // initiate, proof and its service; one request is left
    int sent;
    try (Association meter = Association.open(wire, AssociationRequest.gmac(sides.client))) {
      assertThat(meter.get(VALUE)).isInstanceOf(Outcome.Value.class);
      sent = wire.requests.size();
      assertThatThrownBy(() -> meter.get(VALUE))
          .isInstanceOfSatisfying(
              DlmsException.class, e -> assertThat(e.kind()).isEqualTo(DlmsException.Kind.NO_KEY))
          .hasMessageContaining("the key must be changed");
      assertThat(wire.requests).hasSize(sent);
    }
    Apdu.Ciphered last = (Apdu.Ciphered) Apdus.decode(wire.requests.get(sent - 1));
    assertThat(last.invocationCounter()).isEqualTo(0xFFFF_FFFFL);
  }

  @Test
  @DisplayName("C4: a counter beyond 2^31 is above one below, not under it")
  void unsigned() throws Exception {
    Sides sides = sides(SecuritySuite.SUITE_0);
    clientCounter.set(0x7FFF_FFFFL - 4);
    meterCounter.set(0x7FFF_FFFFL - 4);
    Wire wire = new Wire(device(ClientAccess.gmac(sides::meter, Rights.EVERYTHING)), CLIENT);
    try (Association meter = Association.open(wire, AssociationRequest.gmac(sides.client))) {
      works(meter, reset);
      works(meter, reset);
      assertThat(clientCounter.get()).isGreaterThan(0x7FFF_FFFFL);
    }
  }

  @Test
  @DisplayName("a dedicated key is new for each association, and its counters begin with it")
  void dedicated() throws Exception {
    Sides sides = sides(SecuritySuite.SUITE_0);
    clientCounter.set(1_000_000);
    SecurityContext client = sides.client.carriedBy(new Carrier.Service(true));
    List<byte[]> first = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Wire wire = new Wire(device(ClientAccess.gmac(sides::meter, Rights.EVERYTHING)), CLIENT);
      try (Association meter = Association.open(wire, AssociationRequest.gmac(client))) {
        works(meter, reset);
      }
      Apdu.Ciphered read = (Apdu.Ciphered) Apdus.decode(wire.requests.get(2));
      assertThat(read.dedicated()).isTrue();
      // after the proof, which is under it, too
      assertThat(read.invocationCounter()).isEqualTo(2);
      first.add(read.content());
    }
    assertThat(first.get(0)).isNotEqualTo(first.get(1));
  }

  @Test
  @DisplayName("a dedicated key that comes in the clear is not taken")
  void dedicatedInTheClear() throws Exception {
    Sides sides = sides(SecuritySuite.SUITE_0);
    SecurityPolicy authenticated = SecurityPolicy.of(true, false, false);
    Supplier<SecurityContext> lax = () -> sides.meter.withPolicy(authenticated);
    assertThatThrownBy(() ->
            Association.open(
                new Wire(device(ClientAccess.gmac(lax, Rights.EVERYTHING)), CLIENT),
                AssociationRequest.gmac(
                    sides.client.withPolicy(authenticated).carriedBy(new Carrier.Service(true)))))
        .isInstanceOf(AssociationRefused.class);
  }

  @Test
  @DisplayName(
      "C3: a counter that anybody can read never lowers the stored one, and raises an alarm")
  void hints() {
    AtomicLong stored = new AtomicLong(500);
    List<String> alarms = new ArrayList<>();
    StoredCounter counter =
        new StoredCounter(
            new StoredCounter.Store() {
              @Override
              public long load() {
                return stored.get();
              }

              @Override
              public void save(long number) {
                stored.set(number);
              }
            },
            10,
            100_000,
            alarms::add);
    assertThat(counter.next()).isEqualTo(500);
    assertThat(stored.get()).isEqualTo(510);
    counter.hint(20);
    assertThat(alarms).hasSize(1);
    assertThat(counter.next()).isEqualTo(501);
    assertThat(stored.get()).isEqualTo(510);
    // ahead: taken, durable at once
    counter.hint(7_000);
    assertThat(stored.get()).isEqualTo(7_011);
    assertThat(counter.next()).isEqualTo(7_001);
    // so far ahead that it would use up the key
    counter.hint(0xFFFF_FFFFL);
    assertThat(alarms).hasSize(2);
    assertThat(counter.next()).isEqualTo(7_002);
    // what is lower by no more than a crash explains is no alarm, and changes nothing
    counter.hint(6_999);
    assertThat(alarms).hasSize(2);
    assertThat(counter.next()).isEqualTo(7_003);
  }

  @Test
  @DisplayName("C2, C4: no crash lets a number come twice, and the last one is the last")
  void storedCounter() {
    AtomicLong stored = new AtomicLong();
    StoredCounter.Store store =
        new StoredCounter.Store() {
          @Override
          public long load() {
            return stored.get();
          }

          @Override
          public void save(long number) {
            stored.set(number);
          }
        };
    long last = -1;
    for (int life = 0; life < 20; life++) {
      StoredCounter counter = new StoredCounter(store, 8, 0, _ -> {});
      for (int i = 0; i < life; i++) {
        long next = counter.next();
        assertThat(next).isGreaterThan(last);
        assertThat(next).isLessThan(stored.get());
        last = next;
      }
    }
    stored.set(0xFFFF_FFFEL);
    StoredCounter counter = new StoredCounter(store, 8, 0, _ -> {});
    assertThat(counter.next()).isEqualTo(0xFFFF_FFFEL);
    assertThat(counter.next()).isEqualTo(0xFFFF_FFFFL);
    assertThat(counter.next()).isEqualTo(1L << 32);
    assertThat(new StoredCounter(store, 8, 0, _ -> {}).next()).isEqualTo(1L << 32);
  }

  @Test
  @DisplayName(
      "C1: what was seen of a key is kept by the caller, between associations and restarts")
  void memory() throws Exception {
    Sides sides = sides(SecuritySuite.SUITE_0);
    List<Long> kept = new ArrayList<>(List.of(-1L));
    CounterMemory memory =
        (use, sender, counter) -> {
          assertThat(use).isEqualTo(KeyUse.UNICAST);
          assertThat(sender).isEqualTo(DlmsData.OctetString.of(CLIENT_TITLE));
          boolean greater = counter > kept.getLast();
          if (greater) {
            kept.add(counter);
          }
          return greater;
        };
    Supplier<SecurityContext> restarted =
        () ->
            SecurityContext.of(
                METER_TITLE,
                new KeyRing(
                    KeyGeneration.of(
                        DlmsKeys.of(key(SecuritySuite.SUITE_0, 1), key(SecuritySuite.SUITE_0, 2)),
                        new KeyCounters(meterCounter::incrementAndGet, memory),
                        new KeyCounters(meterCounter::incrementAndGet, memory)),
                    KeyRing.Store.inMemory()));
    Wire wire = new Wire(device(ClientAccess.gmac(restarted, Rights.EVERYTHING)), CLIENT);
    try (Association meter = Association.open(wire, AssociationRequest.gmac(sides.client))) {
      works(meter, reset);
    }
    long seen = kept.getLast();
    assertThat(seen).isEqualTo(clientCounter.get());
    clientCounter.set(0); // a client that has forgotten
    assertThatThrownBy(() ->
            Association.open(
                new Wire(device(ClientAccess.gmac(restarted, Rights.EVERYTHING)), CLIENT),
                AssociationRequest.gmac(sides.client)))
        .isInstanceOf(AssociationRefused.class);
    assertThat(kept.getLast()).isEqualTo(seen);
    clientCounter.set(seen);
    try (Association meter =
        Association.open(
            new Wire(device(ClientAccess.gmac(restarted, Rights.EVERYTHING)), CLIENT),
            AssociationRequest.gmac(sides.client))) {
      works(meter, reset);
    }
  }

  @Test
  @DisplayName("C1: a counter of an APDU that is not genuine is not kept")
  void notGenuine() throws Exception {
    Sides sides = sides(SecuritySuite.SUITE_0);
    Wire wire = new Wire(device(ClientAccess.gmac(sides::meter, Rights.EVERYTHING)), CLIENT);
    try (Association meter = Association.open(wire, AssociationRequest.gmac(sides.client))) {
      works(meter, reset);
      byte[] far = wire.requests.getLast().clone();
      // tag, length, security control, counter
      Arrays.fill(far, 3, 7, (byte) 0xFF);
      assertThat(refused(wire.answer(far))).isTrue();
      works(meter, reset);
    }
  }

  @Test
  @DisplayName("an open association with one client is none for another meter's answers")
  void strangers() throws IOException {
    Sides sides = sides(SecuritySuite.SUITE_1);
    byte[] expected = METER_TITLE.clone();
    expected[7] = 9;
    assertThatThrownBy(() ->
            Association.open(
                new Wire(device(ClientAccess.gmac(sides::meter, Rights.EVERYTHING)), CLIENT),
                AssociationRequest.gmac(sides.client.withPeer(expected))))
        .isInstanceOf(DlmsException.class)
        .hasMessageContaining("expected");
  }
}
