package org.gridwarden.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.gridwarden.core.Admission.Ticket;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.MeterId;

class LimitedAdmissionProperties {
  private static final ChannelId VIA = new ChannelId("dlms", "tcp-4059");

  /**
   * Whatever happens in which order: the limits hold, and the counts are those of a simple model.
   */
  @Property(tries = 300)
  void limitsHoldWhateverHappens(
      @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 999) Integer> steps) throws Exception {
    AdmissionLimits limits = new AdmissionLimits(12, 8, 4, 2, 10, 10, 10, 10, Set.of());
    LimitedAdmission admission = new LimitedAdmission(limits);
    Set<Integer> waiting = new HashSet<>();
    Set<Integer> proven = new HashSet<>();
    List<Ticket> tickets = new ArrayList<>();
    for (int step : steps) {
      int pick = tickets.isEmpty() ? 0 : step / 4 % tickets.size();
      switch (step % 4) {
        case 0, 1 -> {
          int number = tickets.size();
          InetAddress source = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (step % 5)});
          Optional<Ticket> ticket =
              admission.admit(VIA, source, () -> assertThat(waiting.remove(number)).isTrue());
          ticket.ifPresent(t -> {
            tickets.add(t);
            waiting.add(number);
          });
          assertThat(ticket.isPresent() || proven.size() == 12 || waiting.isEmpty()).isTrue();
        }
        case 2 -> {
          if (!tickets.isEmpty() && tickets.get(pick).authenticated(new MeterId("M" + step % 3))) {
            waiting.remove(pick);
            proven.add(pick);
          }
        }
        default -> {
          if (!tickets.isEmpty()) {
            tickets.get(pick).active();
            tickets.get(pick).close();
            waiting.remove(pick);
            proven.remove(pick);
          }
        }
      }
      LimitedAdmission.Counts counts = admission.counts();
      assertThat(counts.unauthenticated()).isEqualTo(waiting.size()).isLessThanOrEqualTo(8);
      assertThat(counts.sessions())
          .isEqualTo(waiting.size() + proven.size())
          .isLessThanOrEqualTo(12);
    }
    tickets.forEach(Ticket::close);
    assertThat(admission.counts().sessions()).isZero();
    assertThat(admission.counts().sources()).isZero();
  }
}
