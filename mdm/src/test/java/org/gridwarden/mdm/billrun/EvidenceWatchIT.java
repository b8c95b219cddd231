package org.gridwarden.mdm.billrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.core.Usage;
import org.gridwarden.mdm.proof.CanonicalJson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The nightly commitment to readings. */
class EvidenceWatchIT {
  private static final LocalDate TODAY = LocalDate.of(2026, 10, 12);

  @TempDir Path folder;

  private BillField field;
  private EvidenceWatch watch;
  private MeterId meter;

  @BeforeEach
  void open() throws Exception {
    field = new BillField(folder, night(TODAY, 3));
    watch = watch();
    meter = field.meter("M1", "SP-1");
    field.measure(meter, TODAY.minusDays(10), TODAY, 250);
  }

  @AfterEach
  void close() {
    field.close();
  }

  private EvidenceWatch watch() {
    return new EvidenceWatch(field.store, field.evidence, field.time::get);
  }

  private static Instant night(LocalDate day, int hour) {
    return BillField.start(day).plus(Duration.ofHours(hour));
  }

  private long leaves() {
    return field.store.evidenceTree().head().size();
  }

  @Test
  @DisplayName("S9: each night a week of days is committed to once, and the tree's head signed")
  void eachNight() {
    assertThat(watch.look()).as("before five o'clock").isZero();
    assertThat(leaves()).isZero();

    field.time.set(night(TODAY, 5));
    assertThat(watch.look()).isEqualTo(7);
    assertThat(field.store.evidenceTree().signed()).isEqualTo(leaves()).isEqualTo(7);
    assertThat(watch.look()).as("the same night").isZero();
    assertThat(watch().look()).as("after a restart").isZero();
    assertThat(leaves()).isEqualTo(7);

    // what changed since becomes a second revision, and the new day a first
    field.sql(
        "UPDATE interval_block SET \"values\"[3] = 7 WHERE day = '" + TODAY.minusDays(2) + "'");
    field.measure(meter, TODAY, TODAY.plusDays(1), 250);
    field.time.set(night(TODAY.plusDays(1), 6));
    assertThat(watch.look()).isEqualTo(2);
    assertThat(field.store.evidenceTree().signed()).isEqualTo(9);
  }

  @Test
  @DisplayName("S9: raw messages are committed to once their day is over")
  void rawMessages() {
    field.time.set(night(TODAY, 8));
    byte[] raw = "a push".getBytes(StandardCharsets.UTF_8);
    var unused =
        field
            .store
            .intake()
            .commit(
                List.of(
                    new Received(
                        new MessageId(
                            meter,
                            new byte[] {1},
                            1,
                            HexFormat.of().parseHex(CanonicalJson.digest(raw))),
                        new ChannelId("test", "test"),
                        field.time.get(),
                        Assurance.MAC,
                        raw,
                        List.of(new Usage(meter, List.of(), List.of(), List.of(), List.of())))));
    watch.look();
    LocalDate day = LocalDate.of(2026, 10, 12);
    assertThat(field.store.evidenceTree().receivedIsDone(day)).isFalse();

    field.time.set(night(TODAY.plusDays(1), 8));
    watch.look();

    assertThat(field.store.evidenceTree().receivedIsDone(day)).isTrue();
    assertThat(field.store.evidenceTree().received(meter, day, day.plusDays(1)))
        .containsOnlyKeys(day);
  }

  @Test
  void aMeterThatCannotBeCommittedToHoldsUpNoOther() {
    MeterId broken = field.meter("A-broken", "SP-0");
    field.measure(broken, TODAY.minusDays(3), TODAY, 250);
    field.sql(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.meter ="
            + " (SELECT id FROM meter WHERE meter_id = 'A-broken') THEN RAISE EXCEPTION 'no'; END"
            + " IF; RETURN NEW; END $$");
    field.sql(
        "CREATE TRIGGER refuse BEFORE INSERT ON evidence_leaf FOR EACH ROW EXECUTE FUNCTION"
            + " refuse()");
    field.time.set(night(TODAY, 5));

    assertThatThrownBy(watch::look)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("1 meters' days could not be committed to; the first was A-broken");

    assertThat(leaves()).as("the other's days").isEqualTo(7);
    assertThat(field.store.evidenceTree().signed()).isEqualTo(7);
  }
}
