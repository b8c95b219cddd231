/**
 * For the FIPS distribution: whether this process is one, and the names under which the house asks
 * for algorithms that the module of that distribution has under others.
 */
@org.jspecify.annotations.NullMarked
package org.gridwarden.security.fips;
