package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.SignedDay;
import org.gridwarden.cosem.Unit;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.integrity.MeterDay;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What meters signed of their days is filed with the key that proves it, or told where it does not
 * hold.
 */
class SignedDaysStoreIT {
  private static final SlotVersions.Channel CHANNEL =
      new SlotVersions.Channel(Messages.ENERGY, Duration.ofMinutes(15), Unit.WATT_HOUR, 0);
  private static final LocalDate DAY = LocalDate.now(ZoneOffset.UTC).minusDays(3);

  private final Store store = SharedStore.store();
  private final MeterId meter = SharedStore.meter();
  private KeyPair key;
  private long counter;

  @BeforeEach
  void register() throws Exception {
    key = pair();
    try (var c = store.dataSource().getConnection();
        var s = c.prepareStatement("UPDATE meter SET receipt_key = ? WHERE meter_id = ?")) {
      s.setBytes(1, key.getPublic().getEncoded());
      s.setString(2, meter.value());
      assertThat(s.executeUpdate()).isEqualTo(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyPair pair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private byte[] sign(KeyPair by, MeterId whose, Instant start, String unit) throws Exception {
    return new MeterDay(
            whose.value(),
            Messages.ENERGY.toString(),
            start,
            900,
            unit,
            0,
            MeterDay.digest(new long[96]))
        .sign(Signer.of(by));
  }

  private void push(byte[] signed) {
    assertThat(
            store
                .intake()
                .commit(
                    List.of(
                        Messages.counted(
                            meter,
                            ++counter,
                            new Billing(meter, List.of(), List.of(new SignedDay(signed)))))))
        .containsExactly(new Outcome.Stored());
  }

  private Map<Instant, MeterDaySignatures.Row> filed() {
    return store
        .meterDaySignatures()
        .of(meter, CHANNEL, start(DAY.minusDays(1_000)), start(DAY.plusDays(10)));
  }

  private List<String> told() {
    return SharedStore.texts(
        "SELECT text FROM event e JOIN meter m ON m.id = e.meter WHERE code ="
            + " 'integrity.signature' AND m.meter_id = '"
            + meter
            + "'");
  }

  @Test
  @DisplayName(
      "S9: a day signed by the registered key is filed with that key; the first one stands")
  void filedOnce() throws Exception {
    byte[] signed = sign(key, meter, start(DAY), "Wh");

    push(signed);
    push(sign(key, meter, start(DAY), "Wh"));

    assertThat(filed()).hasSize(1);
    MeterDaySignatures.Row row = Objects.requireNonNull(filed().get(start(DAY)));
    assertThat(row.signed()).isEqualTo(signed);
    assertThat(row.certified()).isFalse();
    assertThat(row.by()).isEqualTo(key.getPublic().getEncoded());
    assertThat(told()).isEmpty();
  }

  @Test
  void whatDoesNotHoldIsNotFiledAndTold() throws Exception {
    push(sign(pair(), meter, start(DAY), "Wh"));
    push(sign(key, new MeterId("ANOTHER"), start(DAY), "Wh"));
    push(sign(key, meter, start(DAY).plusSeconds(900), "Wh"));
    push(sign(key, meter, start(DAY.plusDays(30)), "Wh"));
    push(sign(key, meter, start(DAY.minusDays(900)), "Wh"));
    push(sign(key, meter, start(DAY), "VAh"));
    push(new byte[] {1, 2, 3});

    assertThat(filed()).isEmpty();
    assertThat(told())
        .hasSize(7)
        .anySatisfy(t -> assertThat(t).contains("not by this key"))
        .anySatisfy(t -> assertThat(t).contains("of another meter"))
        .anySatisfy(t -> assertThat(t).contains("does not begin with a civil day of Z"))
        .anySatisfy(t -> assertThat(t).contains("its day is not over"))
        .anySatisfy(t -> assertThat(t).contains("no channel that is billed"));
  }

  @Test
  void whereNoKeyIsRegisteredNothingCanBeCheckedAndNothingIsFiled() throws Exception {
    try (var c = store.dataSource().getConnection();
        var s = c.prepareStatement("UPDATE meter SET receipt_key = NULL WHERE meter_id = ?")) {
      s.setString(1, meter.value());
      s.executeUpdate();
    }

    push(sign(key, meter, start(DAY), "Wh"));

    assertThat(filed()).isEmpty();
    assertThat(told()).isEmpty();
  }
}
