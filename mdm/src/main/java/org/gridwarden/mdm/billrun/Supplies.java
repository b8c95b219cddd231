package org.gridwarden.mdm.billrun;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who is supplied where and by which tariff. Thread-safe. */
public interface Supplies {
  /**
   * Those in force at some time of a span, by their numbers.
   *
   * @param after only those with a greater number; 0 for the first
   * @param most how many at most
   */
  List<Supply> inForce(Instant from, Instant to, long after, int most);

  /** A service point's, the first first. */
  List<Supply> at(String servicePoint);

  /** Who an account is; empty where that is not known, or was erased. */
  Optional<Person> person(String account);

  /**
   * To whom a bill is made out.
   *
   * @param address lines
   */
  record Person(String name, List<String> address) {
    public Person {
      address = List.copyOf(address);
    }

    /** Says nothing of whom. */
    @Override
    public String toString() {
      return "Person[...]";
    }
  }
}
