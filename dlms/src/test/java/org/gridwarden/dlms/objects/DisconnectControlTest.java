package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.gridwarden.dlms.objects.Bench.accepts;
import static org.gridwarden.dlms.objects.Bench.hex;
import static org.gridwarden.dlms.objects.Bench.refuses;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.objects.DisconnectControl.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Class 70: every trigger in every state of every mode. */
class DisconnectControlTest {
  private static final ObisCode RELAY = ObisCode.parse("0.0.96.3.10.255");

  /** What the Blue Book's table has; state, trigger, state. Everything else moves nothing. */
  private static final List<String> TABLE =
      List.of(
          // mode 0: always connected
          "",
          // mode 1: b, c, d, e, f, g
          "1 rd 0, 2 rd 0, 0 rr 2, 2 mr 1, 1 md 2, 1 ld 2",
          // mode 2: a instead of d
          "1 rd 0, 2 rd 0, 0 rr 1, 2 mr 1, 1 md 2, 1 ld 2",
          // modes 3 and 4: as 1 and 2 without f
          "1 rd 0, 2 rd 0, 0 rr 2, 2 mr 1, 1 ld 2",
          "1 rd 0, 2 rd 0, 0 rr 1, 2 mr 1, 1 ld 2",
          // modes 5 and 6: as 1 and 3 with h
          "1 rd 0, 2 rd 0, 0 rr 2, 2 mr 1, 1 md 2, 1 ld 2, 2 lr 1",
          "1 rd 0, 2 rd 0, 0 rr 2, 2 mr 1, 1 ld 2, 2 lr 1");

  static Stream<Arguments> all() {
    List<Arguments> all = new ArrayList<>();
    for (int mode = 0; mode < TABLE.size(); mode++) {
      for (State state : State.values()) {
        for (String trigger : List.of("rd", "rr", "md", "mr", "ld", "lr")) {
          if (mode > 0 || state == State.CONNECTED) {
            all.add(Arguments.of(mode, state, trigger));
          }
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "mode {0}, {1}, {2}")
  @MethodSource("all")
  void transition(int mode, State from, String trigger) {
    List<Boolean> output = new ArrayList<>();
    DisconnectControl control = new DisconnectControl(RELAY, mode, from, output::add);
    int to =
        Arrays.stream(TABLE.get(mode).split(", ", -1))
            .filter(t -> t.startsWith(from.code() + " " + trigger))
            .map(t -> Integer.parseInt(t.substring(t.length() - 1)))
            .findFirst()
            .orElse(from.code());

    boolean taken =
        switch (trigger) {
          case "rd" -> control.invoke(1, Bench.zero()).result().isSuccess();
          case "rr" -> control.invoke(2, Bench.zero()).result().isSuccess();
          case "md" -> control.manualDisconnect();
          case "mr" -> control.manualReconnect();
          case "ld" -> control.localDisconnect();
          default -> control.localReconnect();
        };

    assertThat(control.state().code()).isEqualTo(to);
    assertThat(Bench.number(control, 3)).isEqualTo(to);
    assertThat(Bench.get(control, 2)).isEqualTo(new DlmsData.Bool(to == 1));
    if (to != from.code()) {
      assertThat(taken).isTrue();
    }
    // the switch hears of it exactly where the current changes
    boolean changes = (from == State.CONNECTED) != (to == 1);
    assertThat(output).isEqualTo(changes ? List.of(to == 1) : List.of());
  }

  @Test
  void commandsMayComeAgainAndImpossibleOnesAreRefused() {
    DisconnectControl control = new DisconnectControl(RELAY, connected -> {});
    assertThat(control.identity()).isEqualTo(new CosemObject.Identity(70, 0, RELAY, 4, 2));
    // boolean true, enum connected, enum mode 4
    assertThat(hex(control, 2) + hex(control, 3) + hex(control, 4)).isEqualTo("030116011604");
    for (int twice = 0; twice < 2; twice++) {
      assertThat(control.invoke(1, Optional.empty()).result()).isEqualTo(AccessResult.SUCCESS);
      assertThat(control.state()).isEqualTo(State.DISCONNECTED);
    }
    assertThat(control.manualReconnect()).as("a hand cannot undo the office's command").isFalse();
    assertThat(control.localReconnect()).isFalse();
    for (int twice = 0; twice < 2; twice++) {
      assertThat(control.invoke(2, Optional.empty()).result()).isEqualTo(AccessResult.SUCCESS);
      assertThat(control.state()).isEqualTo(State.CONNECTED);
    }
    assertThat(control.localDisconnect()).isTrue();
    assertThat(control.invoke(2, Bench.zero()).result())
        .as("the office cannot undo what the meter did")
        .isEqualTo(AccessResult.OTHER_REASON);
    assertThat(control.invoke(2, Optional.of(DlmsData.Array.of())).result())
        .isEqualTo(AccessResult.TYPE_UNMATCHED);
  }

  @Test
  void modeIsSet() {
    List<Boolean> output = new ArrayList<>();
    DisconnectControl control =
        new DisconnectControl(RELAY, 1, State.READY_FOR_RECONNECTION, output::add);
    for (int mode = 1; mode <= 6; mode++) {
      accepts(control, 4, new DlmsData.Enumerated(mode));
      assertThat(control.state()).isEqualTo(State.READY_FOR_RECONNECTION);
    }
    refuses(control, 4, new DlmsData.Enumerated(7), AccessResult.OTHER_REASON);
    refuses(control, 4, new DlmsData.Unsigned8(1), AccessResult.TYPE_UNMATCHED);
    refuses(control, 3, new DlmsData.Enumerated(1), AccessResult.READ_WRITE_DENIED);
    accepts(control, 4, new DlmsData.Enumerated(0));
    assertThat(control.state()).as("mode 0 is always connected").isEqualTo(State.CONNECTED);
    assertThat(output).containsExactly(true);
    assertThat(control.invoke(1, Bench.zero()).result()).isEqualTo(AccessResult.OTHER_REASON);
    assertThatThrownBy(() -> new DisconnectControl(RELAY, 0, State.DISCONNECTED, output::add))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DisconnectControl(RELAY, 7, State.CONNECTED, output::add))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
