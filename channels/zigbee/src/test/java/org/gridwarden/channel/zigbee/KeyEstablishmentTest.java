package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.gridwarden.channel.zigbee.establish.Establishment;
import org.gridwarden.channel.zigbee.establish.Step;
import org.gridwarden.security.cbke.CbkeIdentity;
import org.gridwarden.security.cbke.Refusal;
import org.gridwarden.security.cbke.Suite;
import org.gridwarden.security.cbke.TestAuthority;
import org.gridwarden.simulator.zigbee.meter.KeyEstablishment;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Key Establishment on the model's air: the office's responder and the meter's initiator, written
 * apart from each other. With real devices unverified.
 */
class KeyEstablishmentTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final long ISSUER = 0x5445_5354_4341_0001L;

  private final ModelAir air = new ModelAir(0.02, 7);
  private final List<Step> steps = new ArrayList<>();
  private final List<Zcl> said = new ArrayList<>();
  private UnaryOperator<Zcl> up = UnaryOperator.identity();
  private UnaryOperator<Zcl> down = UnaryOperator.identity();

  private static TestAuthority authority(Suite suite) {
    return TestAuthority.make(suite, ISSUER, RANDOM);
  }

  private static CbkeIdentity of(TestAuthority authority, long device) {
    return authority.issue(device, Instant.EPOCH);
  }

  /** Has the meter establish a key with an office that has this certificate. */
  private KeyEstablishment meet(CbkeIdentity office, CbkeIdentity meter) {
    Establishment establishment =
        new Establishment(Map.of(office.suite(), office), RANDOM, air.clock());
    air.office(frame -> {
      if (frame.cluster() != Clusters.KEY_ESTABLISHMENT) {
        return;
      }
      assertThat(frame.secured()).isFalse();
      Zcl zcl = up.apply(Zcl.parse(frame.payload()).orElseThrow());
      if (!zcl.cluster()) {
        byte[] suites =
            new Zcl.Out()
                .number(2, 0)
                .number(1, 0)
                .number(1, 0x19)
                .number(2, establishment.suites())
                .done();
        answer(zcl, new Zcl(false, true, zcl.sequence(), Zcl.READ_RESPONSE, suites));
        return;
      }
      said.add(zcl);
      Step step = establishment.take(ModelAir.METER, zcl.command(), zcl.payload());
      steps.add(step);
      switch (step) {
        case Step.Say(int command, byte[] payload) -> answer(zcl, command, payload);
        case Step.Agreed agreed -> {
          air.centre.rekey(ModelAir.METER, agreed.linkKey());
          answer(zcl, Step.CONFIRM, agreed.proof());
        }
        case Step.Refused refused -> answer(zcl, Step.TERMINATE, refused.terminate());
        case Step.Ended _ -> {}
      }
    });
    return air.meter.certify(List.of(meter), RANDOM);
  }

  private void answer(Zcl asked, int command, byte[] payload) {
    answer(asked, new Zcl(true, true, asked.sequence(), command, payload));
  }

  private void answer(Zcl asked, Zcl answer) {
    air.say(Clusters.KEY_ESTABLISHMENT, false, down.apply(answer));
  }

  private static UnaryOperator<Zcl> damaging(int command) {
    boolean[] done = {false};
    return zcl -> {
      if (done[0] || !zcl.cluster() || zcl.command() != command) {
        return zcl;
      }
      done[0] = true;
      byte[] other = zcl.payload().clone();
      other[other.length - 1] ^= 1;
      return new Zcl(true, zcl.fromServer(), zcl.sequence(), command, other);
    };
  }

  private List<Refusal> refusals() {
    return steps.stream()
        .filter(Step.Refused.class::isInstance)
        .map(s -> ((Step.Refused) s).refusal())
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("S26: the key by certificates takes the place of the install code's at both ends")
  void bothEndsHaveAnotherKey(Suite suite) {
    TestAuthority authority = authority(suite);
    KeyEstablishment meter = meet(of(authority, ModelAir.CENTRE), of(authority, ModelAir.METER));
    byte[] before = air.metersKey();
    air.run(60);
    assertThat(meter.established()).hasValue(suite);
    assertThat(refusals()).isEmpty();
    assertThat(air.metersKey()).isEqualTo(air.officesKey()).isNotEqualTo(before);
    air.heard.clear();
    air.meter.openCasing();
    air.run(30);
    assertThat(air.heard)
        .as("what it says under the new key")
        .anyMatch(f -> f.cluster() == Clusters.ALARMS && f.secured());
    assertThat(air.meter.services().told()).isFalse(); // it asked, and this office has no time
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("C23: who was certified by another authority is refused, and keeps its key")
  void anotherAuthority(Suite suite) {
    byte[] before = air.metersKey();
    KeyEstablishment meter =
        meet(of(authority(suite), ModelAir.CENTRE), of(authority(suite), ModelAir.METER));
    air.run(10);
    assertThat(refusals()).as("the same name, another key").contains(Refusal.BAD_KEY_CONFIRM);
    assertThat(meter.ended()).hasValue(Refusal.BAD_KEY_CONFIRM);
    assertThat(meter.established()).isEmpty();
    assertThat(air.metersKey()).isEqualTo(before).isEqualTo(air.officesKey());
  }

  @Test
  @DisplayName("C23: an authority of another name is refused at once")
  void anAuthorityOfAnotherName() {
    TestAuthority other = TestAuthority.make(Suite.SUITE_1, ISSUER + 1, RANDOM);
    KeyEstablishment meter =
        meet(of(authority(Suite.SUITE_1), ModelAir.CENTRE), of(other, ModelAir.METER));
    air.run(10);
    assertThat(refusals()).containsOnly(Refusal.UNKNOWN_ISSUER);
    assertThat(meter.ended()).hasValue(Refusal.UNKNOWN_ISSUER);
  }

  @Test
  @DisplayName("C22: another device's certificate is refused")
  void anotherDevicesCertificate() {
    TestAuthority authority = authority(Suite.SUITE_2);
    KeyEstablishment meter =
        meet(of(authority, ModelAir.CENTRE), of(authority, ModelAir.METER + 1));
    air.run(10);
    assertThat(refusals()).containsOnly(Refusal.INVALID_CERTIFICATE);
    assertThat(meter.established()).isEmpty();
  }

  @Test
  @DisplayName("C22: a meter refuses an office whose certificate is not its trust centre's")
  void anotherOffice() {
    TestAuthority authority = authority(Suite.SUITE_1);
    KeyEstablishment meter =
        meet(of(authority, ModelAir.CENTRE + 99), of(authority, ModelAir.METER));
    air.run(10);
    assertThat(meter.refused()).hasValue(Refusal.INVALID_CERTIFICATE);
    assertThat(steps)
        .anyMatch(s -> s instanceof Step.Ended e && e.why().contains("INVALID_CERTIFICATE"));
  }

  @Test
  @DisplayName("C6: a proof that was changed on its way up ends it; the meter begins anew")
  void aProofThatWasChanged() {
    TestAuthority authority = authority(Suite.SUITE_1);
    up = damaging(Step.CONFIRM);
    byte[] before = air.metersKey();
    KeyEstablishment meter = meet(of(authority, ModelAir.CENTRE), of(authority, ModelAir.METER));
    air.run(10);
    assertThat(refusals()).containsExactly(Refusal.BAD_KEY_CONFIRM);
    assertThat(air.officesKey()).isEqualTo(before);
    air.run(120);
    assertThat(meter.established()).hasValue(Suite.SUITE_1);
    assertThat(air.metersKey()).isEqualTo(air.officesKey());
  }

  @Test
  @DisplayName("C6: a proof that was changed on its way down is refused; both agree in the end")
  void theOfficesProofThatWasChanged() {
    TestAuthority authority = authority(Suite.SUITE_1);
    down = damaging(Step.CONFIRM);
    KeyEstablishment meter = meet(of(authority, ModelAir.CENTRE), of(authority, ModelAir.METER));
    air.run(10);
    assertThat(meter.refused()).hasValue(Refusal.BAD_KEY_CONFIRM);
    assertThat(air.metersKey()).as("for now").isNotEqualTo(air.officesKey());
    air.run(120);
    assertThat(meter.established()).hasValue(Suite.SUITE_1);
    assertThat(air.metersKey()).isEqualTo(air.officesKey());
  }

  @Test
  @DisplayName("C1: an exchange that is sent again is refused by its ephemeral key")
  void aRepeatedExchange() {
    TestAuthority authority = authority(Suite.SUITE_2);
    CbkeIdentity office = of(authority, ModelAir.CENTRE);
    meet(office, of(authority, ModelAir.METER));
    air.run(60);
    assertThat(steps).anyMatch(Step.Agreed.class::isInstance);
    List<Zcl> recorded = List.copyOf(said);
    assertThat(recorded).hasSize(3);
    byte[] key = air.officesKey();

    // to the office that heard it
    said.clear();
    Establishment again = new Establishment(Map.of(Suite.SUITE_2, office), RANDOM, air.clock());
    for (Zcl one : recorded.subList(0, 2)) {
      assertThat(again.take(ModelAir.METER, one.command(), one.payload()))
          .isInstanceOf(Step.Say.class);
    }
    // one that was restarted has another ephemeral key: the recorded proof does not hold
    assertThat(again.take(ModelAir.METER, recorded.get(2).command(), recorded.get(2).payload()))
        .isInstanceOfSatisfying(
            Step.Refused.class, r -> assertThat(r.refusal()).isEqualTo(Refusal.BAD_KEY_CONFIRM));
    air.run(20);
    assertThat(again.take(ModelAir.METER, recorded.get(0).command(), recorded.get(0).payload()))
        .isInstanceOf(Step.Say.class);
    assertThat(again.take(ModelAir.METER, recorded.get(1).command(), recorded.get(1).payload()))
        .isInstanceOfSatisfying(
            Step.Refused.class,
            r -> {
              assertThat(r.refusal()).isEqualTo(Refusal.BAD_MESSAGE);
              assertThat(r.why()).contains("used before");
            });
    // and who was refused has to wait
    assertThat(again.take(ModelAir.METER, recorded.get(0).command(), recorded.get(0).payload()))
        .isInstanceOfSatisfying(
            Step.Refused.class, r -> assertThat(r.refusal()).isEqualTo(Refusal.NO_RESOURCES));
    assertThat(air.officesKey()).isEqualTo(key);
  }

  @Test
  void whatComesOutOfItsTurnIsRefused() {
    TestAuthority authority = authority(Suite.SUITE_1);
    CbkeIdentity office = of(authority, ModelAir.CENTRE);
    for (int command : new int[] {Step.EPHEMERAL, Step.CONFIRM, 4, 255}) {
      Establishment fresh = new Establishment(Map.of(Suite.SUITE_1, office), RANDOM, air.clock());
      assertThat(fresh.take(ModelAir.METER, command, new byte[22]))
          .isInstanceOfSatisfying(
              Step.Refused.class, r -> assertThat(r.refusal()).isEqualTo(Refusal.BAD_MESSAGE));
    }
    Establishment none = new Establishment(Map.of(), RANDOM, air.clock());
    assertThat(none.suites()).isZero();
    assertThat(none.take(ModelAir.METER, Step.INITIATE, new byte[] {1, 0, 5, 5}))
        .isInstanceOfSatisfying(
            Step.Refused.class, r -> assertThat(r.refusal()).isEqualTo(Refusal.UNSUPPORTED_SUITE));
  }
}
