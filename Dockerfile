# A worker of a lab: one image for every machine. docs/lab.md says how it is used. It has never been built where it was written.
#
#   docker build -t minutier .                                          OCR in French, Chinese, Catalan, Occitan, English
#   docker build -t minutier --build-arg OCR="tesseract-ocr-fra" .      in French alone

FROM python:3.11-slim-bookworm AS built
WORKDIR /src
COPY requirements/build.txt requirements/lab.txt requirements/
RUN python -m venv /opt/minutier \
 && /opt/minutier/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt
RUN /opt/minutier/bin/pip install --no-cache-dir --no-build-isolation --use-pep517 --require-hashes -r requirements/lab.txt
COPY pyproject.toml README.md LICENSE sources.yaml ./
COPY minutier minutier
COPY crawlers crawlers
COPY bundles bundles
COPY storage storage
COPY extract extract
RUN /opt/minutier/bin/pip install --no-cache-dir --no-build-isolation --no-deps .

FROM python:3.11-slim-bookworm
ARG OCR="tesseract-ocr-fra tesseract-ocr-chi-sim tesseract-ocr-cat tesseract-ocr-oci tesseract-ocr-eng"
RUN apt-get update \
 && apt-get install -y --no-install-recommends tesseract-ocr antiword catdoc $OCR \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --user-group --create-home --home-dir /var/lib/minutier minutier
COPY --from=built /opt/minutier /opt/minutier
ENV PATH=/opt/minutier/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /var/lib/minutier
# Whether the corpus can be read from here. An outage makes it unhealthy, and is no reason to restart: the worker waits.
HEALTHCHECK --interval=5m --timeout=60s --start-period=1m CMD ["minutier", "runs", "--json"]
STOPSIGNAL SIGTERM
# MINUTIER_CORPUS and AWS_… come from the environment; sources.yaml is mounted, read-only.
ENTRYPOINT ["minutier"]
CMD ["--sources", "/etc/minutier/sources.yaml", "worker"]
