/**
 * From the environment to settings: names, property sources, binding and validation.
 */
@NullMarked
package io.appdbs.config;

import org.jspecify.annotations.NullMarked;
