# 도장 서비스의 이미지. 쓰는 법은 compose.yaml에 있습니다. / The image of the service; compose.yaml says how to use it.
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/dojang
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/run.txt requirements/run.txt
RUN /opt/dojang/bin/pip install --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN /opt/dojang/bin/pip install --no-deps --no-build-isolation .

FROM python:3.13-slim
# A user with a name: the embedded PostgreSQL, for `dojang serve` in one container, asks for it.
RUN useradd --system --uid 10001 --create-home --home-dir /home/dojang dojang \
	&& install --directory --owner dojang --mode 0700 /data
COPY --from=build /opt/dojang /opt/dojang
ENV PATH=/opt/dojang/bin:$PATH LANG=C.UTF-8 PYTHONUNBUFFERED=1 DOJANG_DATA=/data
USER dojang
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python", "-c", \
	"import http.client, os; c = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('DOJANG_PORT', 8000)), timeout=4); c.request('GET', '/healthz', headers={'Host': 'localhost'}); raise SystemExit(c.getresponse().status >= 500)"]
CMD ["dojang", "web", "--host", "0.0.0.0"]
