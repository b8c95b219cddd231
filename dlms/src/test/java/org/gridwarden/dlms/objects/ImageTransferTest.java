package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterAssociation;
import org.gridwarden.dlms.objects.ImageTransfer.Status;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTransferTest {
  private static final ObisCode NAME = ObisCode.parse("0.0.44.0.0.255");
  private static final int BLOCK = 50;
  private static final KeyPair MAKER = keys("secp256r1");

  private final Device device = new Device();
  private final ImageTransfer transfer =
      new ImageTransfer(NAME, BLOCK, 10_000, MAKER.getPublic(), device);

  /** A device that says what it runs. */
  static final class Device implements Firmware {
    private FirmwareVersion running = new FirmwareVersion(1, 4, 0);
    private final List<byte[]> activated = new ArrayList<>();
    private boolean works = true;

    @Override
    public String model() {
      return "GW-1";
    }

    @Override
    public FirmwareVersion running() {
      return running;
    }

    @Override
    public boolean activate(FirmwareImage image) {
      if (works) {
        running = image.version();
        activated.add(image.content());
      }
      return works;
    }
  }

  static KeyPair keys(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] image(String model, int major, int minor, KeyPair by) {
    try {
      byte[] content = new byte[700];
      new Random(major * 31L + minor).nextBytes(content);
      return FirmwareImage.sign(
          model, new FirmwareVersion(major, minor, 0), content, by.getPrivate());
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private AccessResult initiate(long size) {
    return Ask.invoke(
        transfer, 1, Ask.structure(Ask.octets('f', 'w'), new DlmsData.DoubleLongUnsigned(size)));
  }

  private AccessResult block(byte[] image, int number) {
    byte[] part =
        Arrays.copyOfRange(image, number * BLOCK, Math.min(image.length, (number + 1) * BLOCK));
    return block(number, part);
  }

  private AccessResult block(long number, byte[] part) {
    return Ask.invoke(
        transfer,
        2,
        Ask.structure(new DlmsData.DoubleLongUnsigned(number), DlmsData.OctetString.of(part)));
  }

  private AccessResult verify() {
    return Ask.invoke(transfer, 3, Ask.ZERO);
  }

  private AccessResult activate() {
    return Ask.invoke(transfer, 4, Ask.ZERO);
  }

  private void send(byte[] image) {
    assertThat(initiate(image.length)).isEqualTo(AccessResult.SUCCESS);
    for (int i = 0; i * BLOCK < image.length; i++) {
      assertThat(block(image, i)).isEqualTo(AccessResult.SUCCESS);
    }
  }

  private void statusIs(Status status) {
    assertThat(Ask.get(transfer, 6)).isEqualTo(new DlmsData.Enumerated(status.code()));
  }

  private void oldRuns() {
    assertThat(device.running).isEqualTo(new FirmwareVersion(1, 4, 0));
    assertThat(device.activated).isEmpty();
  }

  @Test
  @DisplayName("C34: a signed image of a newer version is taken, verified and activated")
  void wholeWay() throws DlmsException {
    byte[] image = image("GW-1", 2, 0, MAKER);
    statusIs(Status.NOT_INITIATED);
    assertThat(Ask.get(transfer, 2)).isEqualTo(new DlmsData.DoubleLongUnsigned(BLOCK));
    assertThat(Ask.get(transfer, 3)).isEqualTo(DlmsData.BitString.of(new byte[0], 0));
    send(image);
    statusIs(Status.INITIATED);
    int blocks = Math.ceilDiv(image.length, BLOCK);
    assertThat(Ask.get(transfer, 3)).hasToString("1".repeat(blocks));
    assertThat(Ask.number(transfer, 4)).isEqualTo(blocks);
    assertThat(Ask.list(transfer, 7).size()).isZero();

    assertThat(verify()).isEqualTo(AccessResult.SUCCESS);
    statusIs(Status.VERIFICATION_SUCCESSFUL);
    assertThat(Ask.list(transfer, 7).get(0))
        .isEqualTo(
            Ask.structure(
                new DlmsData.DoubleLongUnsigned(image.length),
                Ask.octets('f', 'w'),
                DlmsData.OctetString.of(
                    Arrays.copyOfRange(image, image.length - 64, image.length))));
    oldRuns();

    assertThat(activate()).isEqualTo(AccessResult.SUCCESS);
    statusIs(Status.ACTIVATION_SUCCESSFUL);
    assertThat(device.running).isEqualTo(new FirmwareVersion(2, 0, 0));
    assertThat(device.activated)
        .containsExactly(FirmwareImage.verify(image, MAKER.getPublic()).content());
  }

  @Test
  void blocksComeInAnyOrderAndAgainAndTheGapsAreShown() {
    byte[] image = image("GW-1", 2, 0, MAKER);
    int blocks = Math.ceilDiv(image.length, BLOCK);
    initiate(image.length);
    for (int i = blocks - 1; i >= 0; i--) {
      if (i != 3) {
        block(image, i);
        block(image, i);
      }
    }
    assertThat(Ask.number(transfer, 4)).isEqualTo(3);
    assertThat(Ask.get(transfer, 3)).hasToString("1110" + "1".repeat(blocks - 4));
    // a gap leaves the transfer open
    assertThat(verify()).isEqualTo(AccessResult.TEMPORARY_FAILURE);
    assertThat(activate()).isEqualTo(AccessResult.TEMPORARY_FAILURE);
    statusIs(Status.INITIATED);
    assertThat(block(image, 3)).isEqualTo(AccessResult.SUCCESS);
    // what was not verified is verified on activation
    assertThat(activate()).isEqualTo(AccessResult.SUCCESS);
    assertThat(device.activated).hasSize(1);
  }

  @Test
  void aBlockOfAnotherSizeOrNumberIsRefused() {
    byte[] image = image("GW-1", 2, 0, MAKER);
    int last = (image.length - 1) / BLOCK;
    initiate(image.length);
    assertThat(block(0, new byte[BLOCK - 1])).isEqualTo(AttributeType.OUT_OF_RANGE);
    assertThat(block(0, new byte[BLOCK + 1])).isEqualTo(AttributeType.OUT_OF_RANGE);
    assertThat(block(0, new byte[0])).isEqualTo(AttributeType.OUT_OF_RANGE);
    assertThat(block(last, new byte[BLOCK])).isEqualTo(AttributeType.OUT_OF_RANGE);
    assertThat(block(last + 1, new byte[BLOCK])).isEqualTo(AccessResult.DATA_BLOCK_NUMBER_INVALID);
    assertThat(block(0xFFFF_FFFFL, new byte[BLOCK]))
        .isEqualTo(AccessResult.DATA_BLOCK_NUMBER_INVALID);
    assertThat(Ask.number(transfer, 4)).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 10_001, 0xFFFF_FFFFL})
  void aSizeThatDoesNotFitIsRefusedAndWhatIsThereStays(long size) {
    byte[] image = image("GW-1", 2, 0, MAKER);
    initiate(image.length);
    block(image, 0);
    assertThat(initiate(size)).isEqualTo(AttributeType.OUT_OF_RANGE);
    assertThat(Ask.number(transfer, 4)).isEqualTo(1);
    statusIs(Status.INITIATED);
  }

  @Test
  void wrongTypesAreRefused() {
    for (int method = 1; method <= 4; method++) {
      assertThat(Ask.invoke(transfer, method, new DlmsData.VisibleString("x")))
          .isEqualTo(AccessResult.TYPE_UNMATCHED);
    }
    assertThat(transfer.invoke(1, Optional.empty()).result())
        .isEqualTo(AccessResult.TYPE_UNMATCHED);
    assertThat(transfer.invoke(5, Optional.of(Ask.ZERO)).result())
        .isEqualTo(AccessResult.OBJECT_UNDEFINED);
    Ask.refused(transfer, 5, Ask.ZERO, AccessResult.TYPE_UNMATCHED);
    Ask.refused(transfer, 6, new DlmsData.Enumerated(3), AccessResult.READ_WRITE_DENIED);
  }

  @Test
  void whatDoesNotBelongToAStateIsRefusedInIt() {
    byte[] image = image("GW-1", 2, 0, MAKER);
    // not initiated
    assertThat(block(0, new byte[BLOCK])).isEqualTo(AccessResult.READ_WRITE_DENIED);
    assertThat(verify()).isEqualTo(AccessResult.READ_WRITE_DENIED);
    assertThat(activate()).isEqualTo(AccessResult.READ_WRITE_DENIED);
    statusIs(Status.NOT_INITIATED);
    // verified
    send(image);
    verify();
    assertThat(block(image, 0)).isEqualTo(AccessResult.READ_WRITE_DENIED);
    assertThat(verify()).isEqualTo(AccessResult.SUCCESS);
    statusIs(Status.VERIFICATION_SUCCESSFUL);
    // activation failed: may be tried again
    device.works = false;
    assertThat(activate()).isEqualTo(AccessResult.OTHER_REASON);
    statusIs(Status.ACTIVATION_FAILED);
    oldRuns();
    assertThat(block(image, 0)).isEqualTo(AccessResult.READ_WRITE_DENIED);
    assertThat(verify()).isEqualTo(AccessResult.READ_WRITE_DENIED);
    device.works = true;
    assertThat(activate()).isEqualTo(AccessResult.SUCCESS);
    // activated
    assertThat(activate()).isEqualTo(AccessResult.READ_WRITE_DENIED);
    assertThat(verify()).isEqualTo(AccessResult.READ_WRITE_DENIED);
    assertThat(block(image, 0)).isEqualTo(AccessResult.READ_WRITE_DENIED);
    assertThat(device.activated).hasSize(1);
    statusIs(Status.ACTIVATION_SUCCESSFUL);
    // anew
    assertThat(initiate(image.length)).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.number(transfer, 4)).isZero();
    assertThat(Ask.list(transfer, 7).size()).isZero();
    assertThat(activate()).isEqualTo(AccessResult.TEMPORARY_FAILURE);
  }

  @Test
  @DisplayName("C34: another's signature, a bent byte, an older version, another model: refused")
  void whatMustNotRunDoesNot() {
    List<byte[]> bad = new ArrayList<>();
    bad.add(image("GW-1", 2, 0, keys("secp256r1")));
    bad.add(image("GW-1", 2, 0, keys("secp384r1")));
    bad.add(image("GW-1", 1, 3, MAKER));
    bad.add(image("GW-2", 2, 0, MAKER));
    bad.add(new byte[10]);
    bad.add(new byte[64]);
    bad.add(new byte[1000]);
    for (int at : new int[] {0, 5, 12, 300, 705, 750}) {
      byte[] bent = image("GW-1", 2, 0, MAKER);
      bent[at] ^= 1;
      bad.add(bent);
    }
    for (byte[] image : bad) {
      send(image);
      assertThat(verify()).isEqualTo(AccessResult.OTHER_REASON);
      statusIs(Status.VERIFICATION_FAILED);
      assertThat(verify()).isEqualTo(AccessResult.OTHER_REASON);
      assertThat(activate()).isEqualTo(AccessResult.READ_WRITE_DENIED);
      assertThat(Ask.list(transfer, 7).size()).isZero();
      send(image);
      assertThat(activate()).isEqualTo(AccessResult.OTHER_REASON);
      statusIs(Status.VERIFICATION_FAILED);
      oldRuns();
    }
  }

  @Test
  @DisplayName("C34: what was verified and became older meanwhile is not activated")
  void noRollBackBetweenVerifyingAndActivating() {
    send(image("GW-1", 2, 0, MAKER));
    verify();
    device.running = new FirmwareVersion(3, 0, 0);
    assertThat(activate()).isEqualTo(AccessResult.OTHER_REASON);
    statusIs(Status.ACTIVATION_FAILED);
    assertThat(device.running).isEqualTo(new FirmwareVersion(3, 0, 0));
  }

  @Test
  void theSameVersionMayComeAgain() {
    send(image("GW-1", 1, 4, MAKER));
    assertThat(activate()).isEqualTo(AccessResult.SUCCESS);
  }

  @Test
  void whileDisabledNothingHappensAndNothingIsLost() {
    byte[] image = image("GW-1", 2, 0, MAKER);
    send(image);
    assertThat(Ask.set(transfer, 5, new DlmsData.Bool(false))).isEqualTo(AccessResult.SUCCESS);
    assertThat(initiate(image.length)).isEqualTo(AccessResult.OBJECT_UNAVAILABLE);
    assertThat(block(image, 0)).isEqualTo(AccessResult.OBJECT_UNAVAILABLE);
    assertThat(verify()).isEqualTo(AccessResult.OBJECT_UNAVAILABLE);
    assertThat(activate()).isEqualTo(AccessResult.OBJECT_UNAVAILABLE);
    oldRuns();
    Ask.set(transfer, 5, new DlmsData.Bool(true));
    assertThat(activate()).isEqualTo(AccessResult.SUCCESS);
  }

  @Test
  void suiteTwosCurveSignsToo() {
    KeyPair p384 = keys("secp384r1");
    ImageTransfer other = new ImageTransfer(NAME, 2000, 10_000, p384.getPublic(), device);
    byte[] image = image("GW-1", 2, 0, p384);
    Ask.invoke(
        other, 1, Ask.structure(Ask.octets(1), new DlmsData.DoubleLongUnsigned(image.length)));
    Ask.invoke(
        other,
        2,
        Ask.structure(new DlmsData.DoubleLongUnsigned(0), DlmsData.OctetString.of(image)));
    assertThat(Ask.invoke(other, 4, Ask.ZERO)).isEqualTo(AccessResult.SUCCESS);
    assertThat(device.activated).hasSize(1);
  }

  @Test
  @DisplayName("C34: a transfer that stopped goes on in a fresh association where it stood")
  void resumes() throws DlmsException {
    byte[] image = image("GW-1", 2, 0, MAKER);
    LogicalDevice logical =
        new LogicalDevice(
            new byte[8], List.of(transfer), Map.of(16, ClientAccess.open(Rights.EVERYTHING)));
    MeterAssociation first = open(logical);
    assertThat(
            act(
                first,
                1,
                Ask.structure(Ask.octets(1), new DlmsData.DoubleLongUnsigned(image.length))))
        .isEqualTo(AccessResult.SUCCESS);
    for (int i = 0; i < 7; i++) {
      act(first, 2, part(image, i));
    }
    // the link is lost; another association, without a word of the first
    MeterAssociation second = open(logical);
    Service.GotNormal got =
        (Service.GotNormal)
            ask(
                second,
                new Service.GetNormal(
                    0xC1, new Service.Selected(new AttributeRef(18, NAME, 4), Optional.empty())));
    assertThat(got.outcome()).isEqualTo(new Outcome.Value(new DlmsData.DoubleLongUnsigned(7)));
    for (int i = 7; i * BLOCK < image.length; i++) {
      assertThat(act(second, 2, part(image, i))).isEqualTo(AccessResult.SUCCESS);
    }
    assertThat(act(second, 3, Ask.ZERO)).isEqualTo(AccessResult.SUCCESS);
    assertThat(act(open(logical), 4, Ask.ZERO)).isEqualTo(AccessResult.SUCCESS);
    assertThat(device.running).isEqualTo(new FirmwareVersion(2, 0, 0));
  }

  private static DlmsData part(byte[] image, int number) {
    return Ask.structure(
        new DlmsData.DoubleLongUnsigned(number),
        DlmsData.OctetString.of(
            Arrays.copyOfRange(
                image, number * BLOCK, Math.min(image.length, (number + 1) * BLOCK))));
  }

  private static MeterAssociation open(LogicalDevice logical) {
    MeterAssociation association = new MeterAssociation(logical, 16);
    association.answer(
        java.util.HexFormat.of()
            .parseHex("601DA109060760857405080101BE10040E01000000065F1F040000FFFF04B0"));
    assertThat(association.isOpen()).isTrue();
    return association;
  }

  private static Apdu ask(MeterAssociation association, Service question) throws DlmsException {
    return Apdus.decode(association.answer(Apdus.encode(question)).getFirst());
  }

  private static AccessResult act(MeterAssociation association, int method, DlmsData parameters)
      throws DlmsException {
    Apdu answer =
        ask(
            association,
            new Service.ActionNormal(
                0xC1, new MethodRef(18, NAME, method), Optional.of(parameters)));
    return ((Service.ActedNormal) answer).outcome().result();
  }

  @Test
  void whatCannotBeIsRefusedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ImageTransfer(NAME, 0, 1, MAKER.getPublic(), device));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ImageTransfer(NAME, 1, 0x10001, MAKER.getPublic(), device));
    assertThatIllegalArgumentException().isThrownBy(() -> image("", 1, 0, MAKER));
    assertThatIllegalArgumentException().isThrownBy(() -> new FirmwareVersion(1, 0x10000, 0));
  }
}
