package org.gridwarden.dlms.security;

import org.gridwarden.dlms.InvocationCounter;

/**
 * The counters of one encryption key.
 *
 * @param sending where our own come from; what comes from it is never used with another key
 * @param seen the other sides'
 */
public record KeyCounters(InvocationCounter sending, CounterMemory seen) {}
