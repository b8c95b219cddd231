package org.gridwarden.server;

import java.util.List;
import org.gridwarden.core.Fault;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The simulated street of a demo; elsewhere there is nothing here. */
@RestController
@RequestMapping("/api/v1/street")
class StreetApi {
  private final Office office;

  StreetApi(Office office) {
    this.office = office;
  }

  /** What can be done to a simulated meter, and what is done to this one. */
  record SenseView(String sense, String text, boolean on) {}

  /** What is done to a meter; {@code on} false undoes it. */
  record TamperBody(@Nullable String sense, @Nullable Boolean on) {}

  @GetMapping("/meters/{id}")
  List<SenseView> senses(@PathVariable String id) {
    DemoHand hand = hand();
    String serial = office.known(id).serial();
    List<String> sensed = hand.sensed(serial);
    return hand.senses().stream()
        .map(s -> new SenseView(s.word(), s.text(), sensed.contains(s.word())))
        .toList();
  }

  @PostMapping("/meters/{id}/tamper")
  List<SenseView> tamper(@PathVariable String id, @RequestBody TamperBody body) {
    DemoHand hand = hand();
    String serial = office.known(id).serial();
    String sense = Requests.needed("sense", body.sense());
    if (hand.senses().stream().noneMatch(s -> s.word().equals(sense))) {
      throw Requests.wrong(
          "sense",
          "is one of "
              + String.join(", ", hand.senses().stream().map(DemoHand.Sense::word).toList()));
    }
    if (!hand.tamper(serial, sense, body.on() == null || body.on())) {
      throw FaultException.notFound("meter", "this meter is not of the demo's street");
    }
    return senses(id);
  }

  @PostMapping(value = "/meters/{id}/rekey", produces = "text/csv")
  String rekey(@PathVariable String id) {
    String serial = office.known(id).serial();
    try {
      return hand()
          .rekey(serial, office.key().publicKey())
          .orElseThrow(
              () -> FaultException.notFound("meter", "this meter is not of the demo's street"));
    } catch (IllegalStateException e) {
      throw new FaultException(Fault.Code.CONFLICT, "meter", String.valueOf(e.getMessage()));
    }
  }

  private DemoHand hand() {
    return office
        .hand()
        .orElseThrow(
            () -> FaultException.notFound("street", "this server runs no simulated street"));
  }
}
