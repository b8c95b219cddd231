package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Action;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.listener.Tally;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the office tells meters of load control and by texts, and notes of their answers. */
class ToldTest {
  private static final MeterId METER = new MeterId("GW-0000001");
  private static final Known DEVICE =
      Known.unknown(new Eui64(1)).expected(METER).joined(5).reporting(1, 1_000, 1);

  @TempDir private Path folder;
  private final List<Zcl> said = new ArrayList<>();
  private final Tally tally = new Tally();
  private Instant now = Instant.parse("2026-11-26T00:15:00Z");
  private ToldBook book;
  private LoadControlDesk loads;
  private NoticeDesk notices;

  @BeforeEach
  void open() throws IOException {
    book = ToldBook.open(folder);
    Voice voice = (to, endpoint, cluster, what) -> said.add(what);
    loads = new LoadControlDesk(book, () -> now, voice, tally);
    notices = new NoticeDesk(book, () -> now, voice, tally);
  }

  private static Incoming frame(int cluster) {
    return new Incoming(5, 1, Clusters.PROFILE, cluster, true, 0, new byte[0]);
  }

  private void heard(ClusterDesk desk, int cluster, int command, String payload)
      throws InterruptedException {
    Zcl zcl = new Zcl(true, false, 200, command, HexFormat.of().parseHex(payload));
    assertThat(desk.take(DEVICE, METER, frame(cluster), zcl)).isTrue();
  }

  private static String little(long value) {
    return HexFormat.of().toHexDigits(Integer.reverseBytes((int) value));
  }

  private String time() {
    return little(SmartEnergyTime.seconds(now));
  }

  private void report(long event, String status) throws InterruptedException {
    heard(
        loads,
        Clusters.LOAD_CONTROL,
        EventStatus.REPORT,
        little(event) + status + time() + "02" + "00800080" + "80ff03" + "00");
  }

  private long limited(long watts, Duration lasting) {
    loads.confirmed(new Action.LimitLoad(watts, lasting), DEVICE, METER);
    return Zcl.number(said.getLast().payload(), 0, 4);
  }

  private List<String> states() throws IOException {
    return ToldBook.list(folder).stream().map(ToldBook.Line::state).toList();
  }

  @Test
  void anEventRidesBehindALimitAndWhatBecameOfItIsKept() throws Exception {
    long first = limited(2_000, Duration.ofHours(1));
    assertThat(said.getLast().command()).isEqualTo(LoadEvent.EVENT);
    assertThat(said.getLast().fromServer()).isTrue();
    report(first, "01");
    now = now.plusSeconds(60);
    report(first, "04");
    assertThat(ToldBook.list(folder))
        .singleElement()
        .satisfies(l -> {
          assertThat(l.state()).isEqualTo("opted out");
          assertThat(l.at()).isEqualTo(now);
          assertThat(l.minutes()).isEqualTo(60);
          assertThat(l.text()).isEqualTo("at most 2000 W");
        });
    long second = limited(0, Duration.ofHours(2));
    assertThat(second).as("the later one is the greater one").isGreaterThan(first);
    report(first, "07");
    assertThat(states()).containsExactly("told", "superseded");
    report(12_345, "02");
    assertThat(states()).as("of none that was told").containsExactly("told", "superseded");
  }

  @Test
  void aMeterThatAsksIsToldWhatStillHolds() throws Exception {
    heard(loads, Clusters.LOAD_CONTROL, EventStatus.GET_SCHEDULED, "0000000000");
    assertThat(said.getLast().cluster()).as("none").isFalse();
    assertThat(said.getLast().payload()).containsExactly(EventStatus.GET_SCHEDULED, 0x8B);
    limited(2_000, Duration.ofHours(1));
    byte[] told = said.getLast().payload();
    now = now.plusSeconds(3_000);
    loads =
        new LoadControlDesk(ToldBook.open(folder), () -> now, (t, e, c, w) -> said.add(w), tally);
    heard(loads, Clusters.LOAD_CONTROL, EventStatus.GET_SCHEDULED, "0000000000");
    assertThat(said.getLast().payload()).as("after the office was restarted").isEqualTo(told);
    assertThat(said.getLast().sequence()).isEqualTo(200);
    heard(
        loads,
        Clusters.LOAD_CONTROL,
        EventStatus.GET_SCHEDULED,
        little(SmartEnergyTime.seconds(now.plusSeconds(700))) + "00");
    assertThat(said.getLast().cluster()).as("none as late as that").isFalse();
    heard(loads, Clusters.LOAD_CONTROL, EventStatus.GET_SCHEDULED, "00");
    assertThat(tally.of(Tally.What.MALFORMED)).isEqualTo(1);
  }

  @Test
  void aLimitOfLessThanAMinuteEndsTheEvent() throws Exception {
    loads.confirmed(new Action.LimitLoad(1_000_000, Duration.ofSeconds(1)), DEVICE, METER);
    assertThat(said.getLast().command()).as("none is known").isEqualTo(LoadEvent.CANCEL_ALL);
    long event = limited(2_000, Duration.ofHours(1));
    loads.confirmed(new Action.LimitLoad(1_000_000, Duration.ofSeconds(1)), DEVICE, METER);
    assertThat(said.getLast().command()).isEqualTo(LoadEvent.CANCEL);
    assertThat(Zcl.number(said.getLast().payload(), 0, 4)).isEqualTo(event);
    report(event, "06");
    heard(loads, Clusters.LOAD_CONTROL, EventStatus.GET_SCHEDULED, "0000000000");
    assertThat(said.getLast().cluster()).as("it is not told any more").isFalse();
  }

  private Notices.Posted posted() {
    List<Notices.Posted> all = Notices.take(folder);
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  @Test
  void aTextIsShownConfirmedAndEnded() throws Exception {
    Notices.show(folder, METER.value(), Duration.ofHours(1), "high", true, "Off at 8, all day");
    notices.post(posted(), Optional.of(DEVICE));
    assertThat(said.getLast().command()).isEqualTo(Notice.DISPLAY);
    assertThat(said.getLast().payload()[4]).isEqualTo((byte) 0x88);
    long id = Zcl.number(said.getLast().payload(), 0, 4);
    byte[] shown = said.getLast().payload();
    heard(notices, Clusters.MESSAGING, Notice.GET_LAST, "");
    assertThat(said.getLast().payload()).isEqualTo(shown);
    heard(notices, Clusters.MESSAGING, Notice.CONFIRM, little(id) + time());
    assertThat(ToldBook.list(folder))
        .singleElement()
        .matches(l -> l.state().equals("confirmed") && l.text().equals("Off at 8, all day"));
    Notices.end(folder, METER.value());
    notices.post(posted(), Optional.of(DEVICE));
    assertThat(said.getLast().command()).isEqualTo(Notice.CANCEL);
    assertThat(states()).containsExactly("ended");
    heard(notices, Clusters.MESSAGING, Notice.GET_LAST, "");
    assertThat(said.getLast().cluster()).as("nothing is shown").isFalse();
    assertThat(Notices.take(folder)).isEmpty();
  }

  @Test
  void whatIsNotRightIsSaid() throws IOException {
    assertThatThrownBy(() -> Notices.show(folder, "GW-1", Duration.ofHours(1), "loud", false, "x"))
        .hasMessageContaining("critical");
    assertThatThrownBy(() -> Notices.show(folder, "GW-1", Duration.ZERO, "low", false, "x"))
        .hasMessageContaining("45 days");
    assertThatThrownBy(() -> Notices.end(folder.resolve("nowhere"), "GW-1"))
        .hasMessageContaining("no folder");
    Files.createDirectories(folder.resolve("notices"));
    Files.writeString(folder.resolve("notices/x.csv"), "rubbish");
    assertThat(Notices.take(folder)).isEmpty();
    assertThat(folder.resolve("notices/x.csv")).as("taken away").doesNotExist();
    Files.writeString(folder.resolve("told.csv"), "head\nrubbish\n");
    assertThatThrownBy(() -> ToldBook.open(folder)).hasMessageContaining("told.csv, line 2");
  }

  @Test
  void aSilenceIsNoticedAcrossARestart() throws IOException {
    Silences silences = Silences.open(folder, Duration.ofMinutes(15));
    Instant first = now;
    assertThat(silences.heard(METER, first)).as("the first time").isEmpty();
    assertThat(silences.heard(METER, first.plusSeconds(900))).isEmpty();
    silences.keep();
    Silences again = Silences.open(folder, Duration.ofMinutes(15));
    assertThat(again.heard(METER, first.plusSeconds(1_801))).hasValue(first.plusSeconds(900));
    assertThat(again.heard(METER, first.plusSeconds(1_900))).isEmpty();
  }
}
