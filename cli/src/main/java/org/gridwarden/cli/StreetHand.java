package org.gridwarden.cli;

import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import org.gridwarden.server.DemoHand;
import org.gridwarden.simulator.Street;

/** The console's hand at the meters of the demo's street. */
final class StreetHand implements DemoHand {
  private volatile Optional<Street> street = Optional.empty();

  /** The street that it reaches from now on: it is built after the server. */
  void reach(Street built) {
    street = Optional.of(built);
  }

  @Override
  public List<Sense> senses() {
    return org.gridwarden.simulator.Sense.ALL.stream()
        .map(sense -> new Sense(sense.word(), sense.text()))
        .toList();
  }

  @Override
  public List<String> sensed(String serial) {
    return meter(serial).map(Street.Hand::sensed).orElse(List.of());
  }

  private Optional<Street.Hand> meter(String serial) {
    return street.flatMap(built -> built.meter(serial));
  }

  @Override
  public boolean tamper(String serial, String word, boolean on) {
    var sense = org.gridwarden.simulator.Sense.of(word);
    return meter(serial)
        .map(meter -> {
          if (on) {
            meter.tamper(sense);
          } else {
            meter.restore(sense);
          }
          return true;
        })
        .orElse(false);
  }

  @Override
  public Optional<String> rekey(String serial, PublicKey office) {
    return meter(serial).map(meter -> meter.rekey(office));
  }
}
