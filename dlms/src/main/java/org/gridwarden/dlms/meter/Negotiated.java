package org.gridwarden.dlms.meter;

import java.util.Optional;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.security.Protection;

/**
 * What a client and the meter agreed upon.
 *
 * @param cipher how APDUs are protected; empty where they are not
 * @param conformance which services may be used
 * @param shortNames whether the client names objects by short names
 * @param clientMax the greatest APDU that the client takes, in bytes
 * @param meterMax the greatest APDU that the meter takes, in bytes
 */
record Negotiated(
    Optional<Protection> cipher,
    Conformance conformance,
    boolean shortNames,
    int clientMax,
    int meterMax) {}
