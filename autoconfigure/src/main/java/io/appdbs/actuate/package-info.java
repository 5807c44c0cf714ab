/**
 * Health, meters and operations for Spring Boot's Actuator.
 */
@NullMarked
package io.appdbs.actuate;

import org.jspecify.annotations.NullMarked;
