package com.example.slices.catalog;

import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

@Document
public record Product(@Id String sku, String title) {

}
