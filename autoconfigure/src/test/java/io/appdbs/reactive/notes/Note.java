package io.appdbs.reactive.notes;

import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

@Document
public record Note(@Id String id, String text) {

}
