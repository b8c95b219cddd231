package org.gridwarden.channel.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsData.OctetString;
import org.gridwarden.dlms.GeneralHeader;
import org.gridwarden.dlms.GeneralSigning;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.security.EllipticCurve;
import org.gridwarden.dlms.security.Signatures;
import org.gridwarden.dlms.thirdparty.OrderInformation;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.thirdparty.GeneralSigned;
import org.gridwarden.security.thirdparty.OperatorTitle;
import org.gridwarden.security.thirdparty.SignedAnswer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What an operator signs is written without this stack, on their own machine or in their browser:
 * that it is what the stack reads, and the other way round.
 */
class OrderAsRequestTest {
  private static final byte[] METER = {'G', 'W', 'M', 0, 0, 0, 0, 1};
  private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
  private static final KeyPair KEY = pair();

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static Order order(Action action) {
    return new Order(
        new CommandId(new UUID(0x01a214fb82b77b03L, 0xa15ffec1d5d727b8L)),
        new MeterId("GWM0000000000001"),
        action,
        NOW,
        NOW.plusSeconds(86_400),
        "olivia");
  }

  private static GeneralSigning read(Order order) throws Exception {
    byte[] tbs = GeneralSigned.toBeSigned(order, Signed.keyId(KEY.getPublic()), METER, NOW);
    byte[] signature = Signer.of(KEY).sign(tbs);
    byte[] bytes = GeneralSigned.of(order, KEY.getPublic(), METER, NOW, signature).bytes();
    GeneralSigning read = (GeneralSigning) Apdus.decode(bytes);
    assertThat(Apdus.encode(read)).isEqualTo(bytes);
    assertThat(GeneralSigning.toBeSigned(read.header(), read.content().bytes())).isEqualTo(tbs);
    assertThat(
            Signatures.verify(
                EllipticCurve.P_256, (ECPublicKey) KEY.getPublic(), read.signature().bytes(), tbs))
        .isTrue();
    return read;
  }

  @Test
  @DisplayName("C10: the operator's general-signing is read by the stack, field by field")
  void request() throws Exception {
    Order order = order(new Action.Disconnect());
    GeneralSigning read = read(order);
    GeneralHeader header = read.header();
    assertThat(header.originator().bytes())
        .isEqualTo(OperatorTitle.of(Signed.keyId(KEY.getPublic())));
    assertThat(header.recipient().bytes()).isEqualTo(METER);
    assertThat(CosemDateTime.of(header.dateTime().bytes(), 0))
        .isEqualTo(CosemDateTime.of(NOW, ZoneOffset.UTC));
    OrderInformation says = OrderInformation.parse(header.other().bytes());
    assertThat(says)
        .isEqualTo(
            new OrderInformation(
                header.transactionId(), "GWM0000000000001", NOW, NOW.plusSeconds(86_400)));
    assertThat(Apdus.decode(read.content().bytes()))
        .isEqualTo(
            new Service.ActionNormal(
                0xC1,
                new MethodRef(70, ObisCode.parse("0.0.96.3.10.255"), 1),
                Optional.of(new DlmsData.Integer8(0))));
    DlmsData value =
        DlmsData.Structure.of(new DlmsData.LongUnsigned(7), OctetString.of(new byte[200]));
    assertThat(
            Apdus.decode(
                read(order(new Action.Configure("0.0.17.0.0.255:71:4", Axdr.encode(value))))
                    .content()
                    .bytes()))
        .isEqualTo(
            new Service.SetNormal(
                0xC1,
                new Service.Selected(
                    new AttributeRef(71, ObisCode.parse("0.0.17.0.0.255"), 4), Optional.empty()),
                value));
  }

  @Test
  @DisplayName("C9: the stack's signed answer is read as evidence")
  void answer() throws Exception {
    Order order = order(new Action.Connect());
    byte[] operator = OperatorTitle.of(Signed.keyId(KEY.getPublic()));
    byte[] content =
        Apdus.encode(
            new Service.ActedNormal(
                0xC1, new Service.Invoked(AccessResult.OTHER_REASON, Optional.empty())));
    GeneralHeader header =
        new GeneralHeader(
            read(order).header().transactionId(),
            OctetString.of(METER),
            OctetString.of(operator),
            OctetString.of(CosemDateTime.of(NOW, java.time.ZoneId.of("Europe/Zurich")).bytes()),
            OctetString.EMPTY);
    byte[] signature =
        Signatures.sign(
            EllipticCurve.P_256,
            (ECPrivateKey) KEY.getPrivate(),
            GeneralSigning.toBeSigned(header, content));
    byte[] bytes =
        Apdus.encode(
            new GeneralSigning(header, OctetString.of(content), OctetString.of(signature)));
    assertThat(SignedAnswer.open(bytes, KEY.getPublic(), METER, operator, order.id()))
        .isEqualTo(
            new SignedAnswer(order.id(), CommandState.REFUSED, NOW, "not done: other reason"));
  }
}
