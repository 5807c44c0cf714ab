package io.appdbs.settings;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What counts as a finding of an inspection.
 *
 * @param minimumAge Age of the server's statistics from which an index counts as unused.
 * @param minimumSize Size from which an unused index, or unused space, is a finding.
 * @param ignore Identifiers of findings to ignore, such as
 * 'unused-index:public.audit_at', with '*' for any characters.
 */
public record FindingsSettings(@DefaultValue("7d") Duration minimumAge, @DefaultValue("1MB") DataSize minimumSize,
		@DefaultValue List<String> ignore) {

	public FindingsSettings {
		ignore = List.copyOf(ignore);
	}

}
