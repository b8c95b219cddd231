package org.gridwarden.dlms.companion;

import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.MeterProfile;

/**
 * What a companion specification says of its meters: which objects to read for what, and who may.
 * Immutable.
 *
 * @param name what meters are registered with
 * @param about one line for a person
 * @param source where it is said
 * @param meanings what the objects, status bits and stamps mean
 * @param vocabulary by which words its event codes are told: {@code idis} or {@code is15959}
 * @param device the logical device that measures, 1 as a rule
 * @param clients who may associate
 * @param reader which of them reads, by name
 * @param signed which of them carries what operators signed themselves; empty for the one that
 *     reads
 * @param counter the object that shows which counter of the office the meter saw last
 * @param clock the clock
 * @param deviceName the logical device name
 * @param firmware the active firmware's identifier
 * @param disconnect the disconnect control, where the meter has one
 * @param security the security setup of the reading client
 * @param billing cumulative registers
 * @param profiles load profiles and billing profiles
 * @param events event logs
 * @param configuration attributes that say how the meter is set up, and that an operator may set
 * @param calibration attributes that turn pulses into energy
 * @param associations the Association LN objects that tell whom the meter lets in
 */
public record Companion(
    String name,
    String about,
    String source,
    MeterProfile meanings,
    String vocabulary,
    int device,
    List<Client> clients,
    String reader,
    Optional<Client> signed,
    Optional<ObisCode> counter,
    ClockObject clock,
    ObisCode deviceName,
    ObisCode firmware,
    Optional<ObisCode> disconnect,
    Optional<ObisCode> security,
    List<ObisCode> billing,
    List<LoadProfile> profiles,
    List<EventLog> events,
    List<AttributeRef> configuration,
    List<AttributeRef> calibration,
    List<ObisCode> associations) {
  public Companion {
    clients = List.copyOf(clients);
    billing = List.copyOf(billing);
    profiles = List.copyOf(profiles);
    events = List.copyOf(events);
    configuration = List.copyOf(configuration);
    calibration = List.copyOf(calibration);
    associations = List.copyOf(associations);
  }

  /** The client that reads. */
  public Client reading() {
    return client(reader).orElseThrow(() -> new IllegalStateException("no client " + reader));
  }

  /** A client by its name or number; empty where there is none. */
  public Optional<Client> client(String nameOrNumber) {
    return clients.stream()
        .filter(
            c -> c.name().equals(nameOrNumber) || String.valueOf(c.number()).equals(nameOrNumber))
        .findFirst();
  }

  /** A profile by its logical name. */
  public Optional<LoadProfile> profile(ObisCode object) {
    return profiles.stream().filter(p -> p.object().equals(object)).findFirst();
  }

  /** An event log by its logical name. */
  public Optional<EventLog> log(ObisCode object) {
    return events.stream().filter(e -> e.object().equals(object)).findFirst();
  }

  @Override
  public String toString() {
    return "Companion[" + name + "]";
  }
}
