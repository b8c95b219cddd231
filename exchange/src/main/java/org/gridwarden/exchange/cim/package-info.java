/**
 * IEC 61968-9: meter readings, events, controls and configurations as messages, in XML and JSON.
 */
@NullMarked
package org.gridwarden.exchange.cim;

import org.jspecify.annotations.NullMarked;
