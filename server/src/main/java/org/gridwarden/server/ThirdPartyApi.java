package org.gridwarden.server;

import java.util.List;
import org.gridwarden.core.Fault;
import org.gridwarden.security.access.SpokenCode;
import org.gridwarden.store.ConsentBook;
import org.gridwarden.store.ThirdParty;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Whom consumers may let see their readings (Green Button Connect My Data); customer service's. */
@RestController
@RequestMapping("/api/v1/third-parties")
class ThirdPartyApi {
  private static final int ID_LENGTH = 12;
  private static final int SECRET_LENGTH = 40; // 200 bits

  private final ConsentBook consents;

  ThirdPartyApi(Office office) {
    this.consents = office.store().consents();
  }

  /**
   * A third party; consumers see its name and contact only.
   *
   * @param clientId what it calls itself; empty for consumers
   * @param revoked null while it is in force
   */
  record ThirdPartyView(
      String name,
      String contact,
      String clientId,
      String registered,
      String registeredBy,
      @Nullable String revoked,
      String revokedBy) {
    static ThirdPartyView of(ThirdParty party) {
      return new ThirdPartyView(
          party.name(),
          party.contact(),
          party.clientId(),
          party.registered().toString(),
          party.registeredBy(),
          party.revoked().map(Object::toString).orElse(null),
          party.revokedBy());
    }

    static ThirdPartyView forConsumers(ThirdParty party) {
      return new ThirdPartyView(
          party.name(), party.contact(), "", party.registered().toString(), "", null, "");
    }
  }

  /** One to be registered. */
  record NewThirdParty(@Nullable String name, @Nullable String contact) {}

  /**
   * It is registered.
   *
   * @param secret shown this once
   */
  record Registered(String name, String clientId, String secret) {
    @Override
    public String toString() {
      return "Registered[" + name + "]";
    }
  }

  @GetMapping
  ReadingApi.Items<ThirdPartyView> list() {
    List<ThirdParty> all = consents.thirdParties();
    return new ReadingApi.Items<>(
        OwnMeters.consumer().isPresent()
            ? all.stream()
                .filter(p -> p.revoked().isEmpty())
                .map(ThirdPartyView::forConsumers)
                .toList()
            : all.stream().map(ThirdPartyView::of).toList());
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Registered register(@RequestBody NewThirdParty wanted) {
    String name = Requests.needed("name", wanted.name()).strip();
    String contact = Requests.needed("contact", wanted.contact()).strip();
    if (!name.matches("[\\p{L}\\p{N}][\\p{L}\\p{N} .&_-]{0,79}")) {
      throw Requests.wrong("name", "is 1 to 80 letters, digits, spaces and . & _ -");
    }
    if (contact.length() > 200 || contact.codePoints().anyMatch(Character::isISOControl)) {
      throw Requests.wrong("contact", "has at most 200 characters, in one line");
    }
    String clientId = "tp_" + SpokenCode.random(ID_LENGTH, 0);
    String secret = "gt_" + SpokenCode.random(SECRET_LENGTH, 0);
    if (!consents.register(name, contact, clientId, SpokenCode.hash(secret), Audit.actor())) {
      throw new FaultException(
          Fault.Code.CONFLICT, "name", "is, or was, another third party's: choose another");
    }
    return new Registered(name, clientId, secret);
  }

  @DeleteMapping("/{name}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void revoke(@PathVariable String name) {
    if (!consents.revoke(name, Audit.actor())) {
      throw FaultException.notFound("name", "there is no third party of this name in force");
    }
  }
}
