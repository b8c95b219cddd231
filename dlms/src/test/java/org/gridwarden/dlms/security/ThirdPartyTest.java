package org.gridwarden.dlms.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsData.OctetString;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.GeneralHeader;
import org.gridwarden.dlms.GeneralSigning;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.client.SecuritySetupCalls;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.DisconnectControl;
import org.gridwarden.dlms.objects.Rights;
import org.gridwarden.dlms.objects.SecuritySetup;
import org.gridwarden.dlms.thirdparty.OrderInformation;
import org.gridwarden.dlms.thirdparty.Signatories;
import org.gridwarden.dlms.thirdparty.SignedRequests;
import org.gridwarden.dlms.thirdparty.TransactionFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A meter whose Security setup demands signed requests, an operator whose certificate was imported
 * into it, and a head-end that carries between them and can sign nothing.
 */
class ThirdPartyTest {
  private static final ObisCode READING = ObisCode.parse("0.0.43.0.0.255");
  private static final ObisCode SIGNING = ObisCode.parse("0.0.43.0.1.255");
  private static final ObisCode BREAKER = ObisCode.parse("0.0.96.3.10.255");
  private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
  private static final Instant FROM = NOW.minus(Duration.ofDays(10));
  private static final Instant UNTIL = NOW.plus(Duration.ofDays(3_650));
  private static final byte[] METER = {'G', 'W', 'M', 0, 0, 0, 0, 1};
  private static final byte[] OTHER_METER = {'G', 'W', 'M', 0, 0, 0, 0, 2};
  private static final byte[] HEAD_END = {'G', 'W', 'C', 0, 0, 0, 0, 1};
  private static final byte[] OLIVIA = {'G', 'W', 'O', 0, 0, 0, 0, 1};
  private static final byte[] STRANGER = {'G', 'W', 'O', 0, 0, 0, 0, 9};
  private static final byte[] READER = {'G', 'W', 'O', 0, 0, 0, 0, 3};
  private static final String NAME = "GWM0000000000001";
  private static final int READS = 2;
  private static final int SIGNED = 1;

  @TempDir private Path folder;
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final AtomicInteger moves = new AtomicInteger();
  private final AtomicLong ids = new AtomicLong();
  private final AtomicLong meterCounter = new AtomicLong(100); // on the meter's disk
  private SecuritySuite suite = SecuritySuite.SUITE_1;
  private TestAuthority authority;
  private KeyPair olivia;
  private KeyPair meterSigning;
  private MeterCredentials credentials;
  private DisconnectControl breaker;
  private LogicalDevice device = new LogicalDevice(METER, List.of(), Map.of());
  private KeyRing officeKeys;
  private Wire wire = new Wire(device, SIGNED);

  @BeforeEach
  void world() throws Exception {
    make(SecuritySuite.SUITE_1);
  }

  private void make(SecuritySuite which) throws Exception {
    suite = which;
    EllipticCurve curve = which.requireCurve();
    authority = new TestAuthority(curve, "The utility's authority");
    olivia = curve.generate();
    meterSigning = curve.generate();
    credentials =
        new MeterCredentials(
            METER,
            which,
            now::get,
            new MeterCredentials.Content(
                List.of(CertificateInfo.read(authority.own(FROM, UNTIL))),
                Map.of(CertificateInfo.Type.SIGNATURE, meterSigning),
                Map.of()),
            _ -> {});
    breaker = new DisconnectControl(BREAKER, _ -> moves.incrementAndGet());
    officeKeys = ring(new AtomicLong(100));
    start();
    certify(OLIVIA, olivia);
  }

  /** As after a power cut: only what lies in its folder is left. */
  private void start() throws Exception {
    KeyRing keys = ring(meterCounter);
    MeterSecurity reading = security(keys, SecurityPolicy.AUTHENTICATED_ENCRYPTED);
    MeterSecurity signing = security(keys, SecurityPolicy.of(true, true, true));
    SignedRequests requests =
        new SignedRequests(
            METER,
            NAME,
            suite.requireCurve(),
            Signatories.certified(credentials),
            TransactionFile.open(folder.resolve("transactions")),
            now::get);
    device =
        new LogicalDevice(
            METER,
            List.of(
                breaker, new SecuritySetup(READING, reading), new SecuritySetup(SIGNING, signing)),
            Map.of(
                READS,
                ClientAccess.gmac(reading::context, certificatesOnly()),
                SIGNED,
                ClientAccess.gmac(
                        () -> signing.context().withThirdParties(requests), Rights.EVERYTHING)
                    .thirdParties(title ->
                        Arrays.equals(title, READER) ? Rights.READ_ALL : Rights.EVERYTHING)));
  }

  /** The head-end reads, and may import certificates that the authority has signed. */
  private static Rights certificatesOnly() {
    return new Rights() {
      @Override
      public boolean reads(CosemObject object, int attribute) {
        return true;
      }

      @Override
      public boolean writes(CosemObject object, int attribute) {
        return false;
      }

      @Override
      public boolean invokes(CosemObject object, int method) {
        return object instanceof SecuritySetup && method == 6;
      }
    };
  }

  private MeterSecurity security(KeyRing keys, SecurityPolicy policy) {
    return new MeterSecurity(METER, HEAD_END, suite, keys, credentials, policy, _ -> {});
  }

  private KeyRing ring(AtomicLong counter) {
    return KeyRing.of(DlmsKeys.of(key(1), key(2)), counter::incrementAndGet);
  }

  private byte[] key(int filling) {
    byte[] key = new byte[suite.keyLength()];
    Arrays.fill(key, (byte) filling);
    return key;
  }

  private Association open(int client) throws Exception {
    wire = new Wire(device, client);
    return Association.open(
        wire, AssociationRequest.gmac(SecurityContext.of(HEAD_END, officeKeys).withSuite(suite)));
  }

  /** By the standard's own way: into the Security setup. */
  private void certify(byte[] title, KeyPair pair) throws Exception {
    try (Association meter = open(READS)) {
      byte[] certificate =
          authority.issue(title, pair.getPublic(), TestAuthority.SIGNATURE_USAGE, FROM, UNTIL);
      assertThat(new SecuritySetupCalls(meter, READING).importCertificate(certificate))
          .isEqualTo(AccessResult.SUCCESS);
    }
  }

  // --- what an operator signs

  private byte[] nextId() {
    byte[] id = new byte[OrderInformation.ID];
    id[0] = 1;
    id[15] = (byte) ids.incrementAndGet();
    return id;
  }

  private OrderInformation says(byte[] id) {
    return new OrderInformation(
        OctetString.of(id), NAME, now.get().minusSeconds(1), now.get().plusSeconds(600));
  }

  private static byte[] disconnect() {
    return Apdus.encode(
        new Service.ActionNormal(
            0xC1, new MethodRef(70, BREAKER, 1), Optional.of(new DlmsData.Integer8(0))));
  }

  private GeneralHeader header(byte[] from, byte[] to, OrderInformation says) {
    return new GeneralHeader(
        says.id(),
        OctetString.of(from),
        OctetString.of(to),
        OctetString.of(CosemDateTime.of(now.get(), ZoneOffset.UTC).bytes()),
        OctetString.of(says.bytes()));
  }

  private GeneralSigning sign(GeneralHeader header, byte[] content, KeyPair by) {
    byte[] signature =
        Signatures.sign(
            suite.curve().orElseThrow(),
            (ECPrivateKey) by.getPrivate(),
            GeneralSigning.toBeSigned(header, content));
    return new GeneralSigning(header, OctetString.of(content), OctetString.of(signature));
  }

  private GeneralSigning order() {
    return sign(header(OLIVIA, METER, says(nextId())), disconnect(), olivia);
  }

  private GeneralSigning carry(GeneralSigning order) throws Exception {
    try (Association meter = open(SIGNED)) {
      return meter.carry(order);
    }
  }

  private void refused(GeneralSigning order) {
    int before = moves.get();
    assertThatThrownBy(() -> carry(order))
        .as("refused by the meter itself, under its own protection")
        .isInstanceOf(AssociationRefused.class)
        .hasMessageContaining("does not take what was signed");
    assertThat(moves).hasValue(before);
  }

  @ParameterizedTest
  @EnumSource(
      value = SecuritySuite.class,
      names = {"SUITE_1", "SUITE_2"})
  @DisplayName(
      "C9: a meter without a desk obeys an operator's general-signing, carried under the head-end's"
          + " MAC, and answers under its own key")
  void obeyed(SecuritySuite which) throws Exception {
    make(which);
    GeneralSigning order = order();
    GeneralSigning answer = carry(order);
    assertThat(breaker.state()).isEqualTo(DisconnectControl.State.DISCONNECTED);
    assertThat(Apdus.decode(answer.content().bytes()))
        .isEqualTo(
            new Service.ActedNormal(
                0xC1, new Service.Invoked(AccessResult.SUCCESS, Optional.empty())));
    GeneralHeader says = answer.header();
    assertThat(says.transactionId()).isEqualTo(order.header().transactionId());
    assertThat(says.originator().bytes()).isEqualTo(METER);
    assertThat(says.recipient().bytes()).isEqualTo(OLIVIA);
    assertThat(CosemDateTime.of(says.dateTime().bytes(), 0))
        .isEqualTo(CosemDateTime.of(NOW, ZoneOffset.UTC));
    assertThat(
            Signatures.verify(
                which.requireCurve(),
                (ECPublicKey) meterSigning.getPublic(),
                answer.signature().bytes(),
                GeneralSigning.toBeSigned(says, answer.content().bytes())))
        .isTrue();
    // on the wire: the operator's bytes, untouched, within the head-end's ciphering
    byte[] carried = wire.requests.get(2);
    assertThat(Apdus.decode(carried)).isInstanceOf(Apdu.Ciphered.class);
    assertThat(carried[0] & 0xFF).isEqualTo(0xDB);
  }

  @Test
  @DisplayName("C9: where the policy demands a signature the head-end's keys alone do nothing")
  void unsigned() throws Exception {
    try (Association meter = open(SIGNED)) {
      assertThatThrownBy(() ->
              meter.action(new MethodRef(70, BREAKER, 1), Optional.of(new DlmsData.Integer8(0))))
          .isInstanceOf(AssociationRefused.class);
    }
    try (Association meter = open(SIGNED)) {
      assertThatThrownBy(() -> meter.get(new AttributeRef(70, BREAKER, 3)))
          .isInstanceOf(AssociationRefused.class);
    }
    // in its other association it reads, and has no right to switch
    try (Association meter = open(READS)) {
      assertThat(meter.get(new AttributeRef(70, BREAKER, 3)))
          .isEqualTo(new Outcome.Value(new DlmsData.Enumerated(1)));
      assertThat(
              meter
                  .action(new MethodRef(70, BREAKER, 1), Optional.of(new DlmsData.Integer8(0)))
                  .result())
          .isEqualTo(AccessResult.READ_WRITE_DENIED);
      assertThatThrownBy(() -> meter.carry(order()))
          .as("that client carries for nobody")
          .isInstanceOf(DlmsException.class);
    }
    assertThat(moves).hasValue(0);
  }

  @Test
  @DisplayName("C9: an operator's signature without the head-end's MAC does nothing")
  void bare() throws Exception {
    GeneralSigning order = order();
    try (Association meter = open(SIGNED)) {
      List<byte[]> answers = wire.answer(Apdus.encode(order));
      assertThat(Apdus.decode(answers.getFirst())).isInstanceOf(Service.ExceptionResponse.class);
      assertThat(moves).hasValue(0);
      // and its transaction is not used up by whoever tried
      assertThat(meter.carry(order)).isNotNull();
    }
    assertThat(moves).hasValue(1);
  }

  @Test
  @DisplayName("C10: replayed, to another meter, too late or too early: refused")
  void once() throws Exception {
    GeneralSigning order = order();
    carry(order);
    assertThat(moves).hasValue(1);
    refused(order);
    start();
    refused(order); // the memory outlives a power cut
    GeneralSigning reconnect =
        sign(
            header(OLIVIA, METER, says(nextId())),
            Apdus.encode(
                new Service.ActionNormal(
                    0xC1, new MethodRef(70, BREAKER, 2), Optional.of(new DlmsData.Integer8(0)))),
            olivia);
    carry(reconnect);
    refused(order);
    assertThat(breaker.state()).isEqualTo(DisconnectControl.State.CONNECTED);

    refused(sign(header(OLIVIA, OTHER_METER, says(nextId())), disconnect(), olivia));
    refused(sign(header(OLIVIA, new byte[0], says(nextId())), disconnect(), olivia));
    OctetString id = OctetString.of(nextId());
    refused(
        sign(
            header(
                OLIVIA,
                METER,
                new OrderInformation(id, "GWM0000000000002", NOW, NOW.plusSeconds(60))),
            disconnect(),
            olivia));
    refused(
        sign(
            header(
                OLIVIA,
                METER,
                new OrderInformation(
                    OctetString.of(nextId()), NAME, NOW.minusSeconds(900), NOW.minusSeconds(300))),
            disconnect(),
            olivia));
    refused(
        sign(
            header(
                OLIVIA,
                METER,
                new OrderInformation(
                    OctetString.of(nextId()), NAME, NOW.plusSeconds(300), NOW.plusSeconds(900))),
            disconnect(),
            olivia));
    GeneralSigning held = order();
    now.set(NOW.plus(Duration.ofHours(1)));
    refused(held);
  }

  @Test
  @DisplayName(
      "C9: by nobody it knows, in another's name, by the head-end, on another curve: refused")
  void whose() throws Exception {
    KeyPair stranger = suite.requireCurve().generate();
    refused(sign(header(STRANGER, METER, says(nextId())), disconnect(), stranger));
    refused(sign(header(OLIVIA, METER, says(nextId())), disconnect(), stranger));
    // the meter's own signature is no operator's
    refused(sign(header(OLIVIA, METER, says(nextId())), disconnect(), meterSigning));
    KeyPair p384 = EllipticCurve.P_384.generate();
    GeneralHeader header = header(OLIVIA, METER, says(nextId()));
    byte[] other =
        Signatures.sign(
            EllipticCurve.P_384,
            (ECPrivateKey) p384.getPrivate(),
            GeneralSigning.toBeSigned(header, disconnect()));
    refused(new GeneralSigning(header, OctetString.of(disconnect()), OctetString.of(other)));
    // as the client itself, which has no certificate in the meter: not a third party's refusal
    GeneralSigning own = sign(header(HEAD_END, METER, says(nextId())), disconnect(), stranger);
    assertThatThrownBy(() -> carry(own)).isInstanceOf(DlmsException.class);
    assertThat(moves).hasValue(0);

    // expired since: the certificate is looked at each time
    GeneralSigning late = order();
    now.set(UNTIL.plusSeconds(1));
    refused(late);
  }

  @Test
  @DisplayName("C9: who may only read is answered under the meter's key that it may not switch")
  void rights() throws Exception {
    KeyPair reader = suite.requireCurve().generate();
    certify(READER, reader);
    GeneralSigning answer =
        carry(sign(header(READER, METER, says(nextId())), disconnect(), reader));
    assertThat(Apdus.decode(answer.content().bytes()))
        .isEqualTo(
            new Service.ActedNormal(
                0xC1, new Service.Invoked(AccessResult.READ_WRITE_DENIED, Optional.empty())));
    assertThat(answer.header().recipient().bytes()).isEqualTo(READER);
    assertThat(moves).hasValue(0);
  }

  @Test
  @DisplayName("C10: any byte of it altered on the way: refused, and the original is obeyed")
  void altered() throws Exception {
    GeneralSigning order = order();
    byte[] whole = Apdus.encode(order);
    List<Integer> places = new ArrayList<>();
    for (int at = 1; at < whole.length; at += 5) {
      places.add(at);
    }
    for (int at : places) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      try {
        if (Apdus.decode(changed) instanceof GeneralSigning forged) {
          assertThatThrownBy(() -> carry(forged))
              .as("byte %d", at)
              .isInstanceOfAny(AssociationRefused.class, DlmsException.class);
        }
      } catch (DlmsException e) {
        assertThat(e.kind()).isNotNull(); // no APDU any more
      }
      assertThat(moves).as("byte %d", at).hasValue(0);
    }
    // content and other information, each exchanged as a whole
    GeneralHeader header = order.header();
    byte[] reconnect =
        Apdus.encode(
            new Service.ActionNormal(
                0xC1, new MethodRef(70, BREAKER, 2), Optional.of(new DlmsData.Integer8(0))));
    refused(new GeneralSigning(header, OctetString.of(reconnect), order.signature()));
    OrderInformation longer =
        new OrderInformation(header.transactionId(), NAME, NOW, NOW.plus(Duration.ofDays(300)));
    refused(
        new GeneralSigning(
            header(OLIVIA, METER, longer), OctetString.of(disconnect()), order.signature()));
    // two ids; nothing in the other information; a request within a request
    refused(
        sign(
            new GeneralHeader(
                OctetString.of(nextId()),
                header.originator(),
                header.recipient(),
                header.dateTime(),
                header.other()),
            disconnect(),
            olivia));
    refused(
        sign(
            new GeneralHeader(
                OctetString.of(nextId()),
                header.originator(),
                header.recipient(),
                header.dateTime(),
                OctetString.EMPTY),
            disconnect(),
            olivia));
    refused(sign(header(OLIVIA, METER, says(nextId())), whole, olivia));
    carry(order);
    assertThat(moves).hasValue(1);
  }

  @Test
  @DisplayName("C6: an answer or a refusal that was forged on the way is not taken for the meter's")
  void forgedAnswers() throws Exception {
    Association meter = open(SIGNED);
    wire.towardsClient =
        _ ->
            Apdus.encode(
                new Service.ExceptionResponse(
                    1,
                    Service.ExceptionResponse.DECIPHERING_ERROR,
                    java.util.OptionalLong.empty()));
    assertThatThrownBy(() -> meter.carry(order()))
        .as("it was done: only who can be trusted may say that it was not")
        .isInstanceOf(DlmsException.class)
        .hasMessageContaining("in the clear");
    assertThat(moves).hasValue(1);

    GeneralSigning answer = carry(order());
    Association again = open(SIGNED);
    wire.towardsClient = _ -> Apdus.encode(answer);
    assertThatThrownBy(() -> again.carry(order())).isInstanceOf(DlmsException.class);
  }

  @Test
  @DisplayName("C7: the policy that demands signatures cannot be made weaker")
  void stricterOnly() throws Exception {
    KeyRing keys = ring(meterCounter);
    MeterSecurity signing = security(keys, SecurityPolicy.of(true, true, true));
    assertThat(signing.activate(SecurityPolicy.AUTHENTICATED_ENCRYPTED)).isFalse();
    try (Association meter = open(READS)) {
      assertThat(meter.get(new AttributeRef(64, SIGNING, 2)))
          .isEqualTo(new Outcome.Value(new DlmsData.Enumerated(0xFC)));
      assertThat(meter.get(new AttributeRef(64, SIGNING, 3)))
          .isEqualTo(new Outcome.Value(new DlmsData.Enumerated(1)));
    }
  }
}
