package org.gridwarden.security.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TrustKeeperTest {
  private static final KeyPair ROOT = pair();
  private static final KeyPair OLIVIA = pair();
  private static final KeyPair OSCAR = pair();
  private static final KeyPair MAKER = pair();

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** What outlives a power cut. */
  private static final class Flash implements TrustKeeper.Memory {
    private Optional<byte[]> list = Optional.empty();

    @Override
    public Optional<byte[]> list() {
      return list;
    }

    @Override
    public void keep(byte[] signed) {
      list = Optional.of(signed);
    }
  }

  private final Flash flash = new Flash();
  private final TrustKeeper meter = new TrustKeeper(ROOT.getPublic(), flash);

  private static TrustList list(long version, KeyPair... operators) {
    return new TrustList(
        version, Stream.of(operators).map(KeyPair::getPublic).toList(), List.of(MAKER.getPublic()));
  }

  private boolean obeys(TrustKeeper who, KeyPair key) {
    return who.operator(Signed.keyId(key.getPublic())).isPresent();
  }

  private void refused(byte[] signed) {
    assertThatExceptionOfType(CommandException.class).isThrownBy(() -> meter.take(signed));
  }

  @Test
  @DisplayName("C9: before its first list a meter obeys nobody, then who stands on it")
  void first() throws CommandException {
    assertThat(meter.version()).isZero();
    assertThat(obeys(meter, OLIVIA)).isFalse();
    meter.take(list(1, OLIVIA).sign(Signer.of(ROOT)));
    assertThat(meter.version()).isEqualTo(1);
    assertThat(obeys(meter, OLIVIA)).isTrue();
    assertThat(obeys(meter, OSCAR)).isFalse();
    assertThat(meter.maker(Signed.keyId(MAKER.getPublic()))).contains(MAKER.getPublic());
    assertThat(meter.operator(Signed.keyId(MAKER.getPublic())))
        .as("a maker is no operator")
        .isEmpty();
    assertThat(meter.operators()).containsExactly(Signed.keyId(OLIVIA.getPublic()));
  }

  @Test
  @DisplayName("C9 C16: a later list takes somebody off; the earlier one brings nobody back")
  void later() throws CommandException {
    byte[] first = list(1, OLIVIA, OSCAR).sign(Signer.of(ROOT));
    meter.take(first);
    byte[] second = list(2, OSCAR).sign(Signer.of(ROOT));
    meter.take(second);
    assertThat(obeys(meter, OLIVIA)).isFalse();
    refused(first);
    refused(list(2, OLIVIA).sign(Signer.of(ROOT)));
    meter.take(second);
    assertThat(meter.version()).isEqualTo(2);
    assertThat(obeys(meter, OLIVIA)).isFalse();
    TrustKeeper after = new TrustKeeper(ROOT.getPublic(), flash);
    assertThat(after.version()).as("after a power cut").isEqualTo(2);
    assertThat(obeys(after, OSCAR)).isTrue();
  }

  @Test
  @DisplayName("C9: who delivers a list names nobody: another's signature, a bent byte, an order")
  void forged() throws CommandException {
    meter.take(list(1, OSCAR).sign(Signer.of(ROOT)));
    refused(list(2, OLIVIA).sign(Signer.of(OSCAR)));
    byte[] bent = list(2, OLIVIA).sign(Signer.of(ROOT));
    bent[bent.length - 70] ^= 1;
    refused(bent);
    refused(Signed.sign(Purpose.ORDER, Signer.of(ROOT), list(2, OLIVIA).bytes()).bytes());
    refused(list(2, OLIVIA).bytes());
    assertThat(meter.version()).isEqualTo(1);
    flash.keep(list(9, OLIVIA).sign(Signer.of(OLIVIA)));
    assertThat(new TrustKeeper(ROOT.getPublic(), flash).version())
        .as("who writes the meter's memory names nobody")
        .isZero();
  }

  @Test
  void aListIsWrittenInOneWay() throws CommandException {
    TrustList one = list(3, OLIVIA, OSCAR);
    assertThat(list(3, OSCAR, OLIVIA).bytes()).isEqualTo(one.bytes());
    assertThat(TrustList.parse(one.bytes())).isEqualTo(one);
    assertThatIllegalArgumentException().isThrownBy(() -> list(0, OLIVIA));
    assertThatIllegalArgumentException().isThrownBy(() -> list(1, OLIVIA, OLIVIA));
  }
}
